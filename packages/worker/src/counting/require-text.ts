import { isText, kindOfBytes, textFacts } from '@org/wordfreq-aws-adapters/rules';
import { JobError } from '../jobs/job-error.ts';
import type { CountSummary } from './counting.ts';

/**
 * Refuses bytes that are not text ({@link isText}), and says what they are if their beginning shows it.
 *
 * @throws JobError `not-text`
 */
export function requireText(
  { totals, warnings }: Pick<CountSummary, 'totals' | 'warnings'>,
  beginning: Uint8Array = new Uint8Array(),
): void {
  const facts = textFacts(totals.bytes, warnings);
  if (isText(facts)) return;
  const kind = kindOfBytes(beginning);
  const found =
    kind === undefined
      ? `of ${facts.bytes} bytes ${facts.nuls} are NUL and ${facts.invalid} sequences are not UTF-8`
      : `the object is ${kind}`;
  throw new JobError(
    'not-text',
    `Expected UTF-8 or UTF-16 text, but ${found}. Upload the text itself, in UTF-8.`,
  );
}
