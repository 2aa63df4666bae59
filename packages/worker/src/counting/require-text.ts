import { isText, kindOfBytes } from '@org/wordfreq-aws-adapters/rules';
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
  const countOf = (code: string): number => warnings.find((warning) => warning.code === code)?.count ?? 0;
  const nuls = countOf('nul');
  const invalid = countOf('invalid-utf8');
  if (isText({ bytes: totals.bytes, nuls, invalid })) return;
  const kind = kindOfBytes(beginning);
  const found =
    kind === undefined
      ? `of ${totals.bytes} bytes ${nuls} are NUL and ${invalid} sequences are not UTF-8`
      : `the object is ${kind}`;
  throw new JobError(
    'not-text',
    `Expected UTF-8 or UTF-16 text, but ${found}. Upload the text itself, in UTF-8.`,
  );
}
