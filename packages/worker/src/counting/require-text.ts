import { isText } from '@org/wordfreq-aws-adapters/rules';
import { JobError } from '../jobs/job-error.ts';
import type { CountSummary } from './counting.ts';

/**
 * Refuses bytes that are not text ({@link isText}).
 *
 * @throws JobError `not-text`
 */
export function requireText({ totals, warnings }: Pick<CountSummary, 'totals' | 'warnings'>): void {
  const found = (code: string): number => warnings.find((warning) => warning.code === code)?.count ?? 0;
  const nuls = found('nul');
  const invalid = found('invalid-utf8');
  if (isText({ bytes: totals.bytes, nuls, invalid })) return;
  throw new JobError(
    'not-text',
    `Expected UTF-8 or UTF-16 text, but of ${totals.bytes} bytes ${nuls} are NUL and ${invalid} sequences are no UTF-8.` +
      ' Upload the text itself, in UTF-8.',
  );
}
