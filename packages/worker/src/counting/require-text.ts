import { isText, textFacts, whyNotText } from '@org/wordfreq-aws-adapters/rules';
import { JobError } from '../jobs/job-error.ts';
import type { CountSummary } from './counting.ts';

/**
 * Refuses bytes that are not text ({@link isText}), and says what they are if their beginning shows it.
 *
 * @throws JobError `not-text`
 */
export function requireText(
  { totals, warnings, encoding }: Pick<CountSummary, 'totals' | 'warnings' | 'encoding'>,
  beginning: Uint8Array = new Uint8Array(),
): void {
  const facts = textFacts(totals.bytes, warnings);
  if (isText(facts)) return;
  const likely = encoding?.likely;
  const advice =
    likely === undefined
      ? 'Upload the text itself, in UTF-8.'
      : `Upload it in UTF-8, or with the content type "text/plain; charset=${likely}"; or set ENCODING=${likely} for all objects.`;
  throw new JobError('not-text', `Expected a text, but ${whyNotText(facts, beginning, encoding)}. ${advice}`);
}
