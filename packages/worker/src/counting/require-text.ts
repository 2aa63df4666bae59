import { JobError } from '../jobs/job-error.ts';
import type { CountSummary } from './counting.ts';

/** A text may have this many NUL bytes per byte: some editors and dumps leave a few. */
const MAX_NUL_SHARE = 1 / 1000;
/** And this many faulty UTF-8 sequences per byte: a Latin-1 text in a European language has fewer, a binary file has more. */
const MAX_INVALID_SHARE = 1 / 10;

/**
 * Refuses what is no text: more than one NUL byte in 1,000 bytes, or more than one faulty UTF-8 sequence in 10. UTF-16 with a byte
 * order mark is text, and is decoded before it is judged.
 *
 * @throws JobError `not-text`
 */
export function requireText({ totals, warnings }: Pick<CountSummary, 'totals' | 'warnings'>): void {
  const found = (code: string): number => warnings.find((warning) => warning.code === code)?.count ?? 0;
  const nuls = found('nul');
  const invalid = found('invalid-utf8');
  if (nuls <= totals.bytes * MAX_NUL_SHARE && invalid <= totals.bytes * MAX_INVALID_SHARE) return;
  throw new JobError(
    'not-text',
    `Expected UTF-8 or UTF-16 text, but of ${totals.bytes} bytes ${nuls} are NUL and ${invalid} sequences are no UTF-8.` +
      ' Upload the text itself, in UTF-8.',
  );
}
