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
  const { reason, likely } = whyNotText(facts, beginning, encoding);
  throw new JobError(
    'not-text',
    likely === undefined
      ? `Expected a text, but ${reason}. Upload the text itself, in UTF-8.`
      : `Expected a text in UTF-8, but it is perhaps ${likely}. Upload the text in UTF-8: wordfreq upload --overwrite --encoding ${likely} converts it.`,
  );
}
