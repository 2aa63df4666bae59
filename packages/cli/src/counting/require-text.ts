import { isText, kindOfBytes, textFacts } from '@org/wordfreq-aws-adapters/rules';
import type { WordCounts } from '@org/wordfreq-core';
import { CliError, EXIT_CODES } from '../errors.ts';
import { formatCount } from '../terminal/format.ts';
import { spoken } from './found-texts.ts';

/** The code of an error about what is not text. */
export const NOT_TEXT = 'not-text';

/** How many bytes of a file git and grep look at. */
const BEGINNING_BYTES = 8000;

/**
 * Refuses what has a NUL among its first 8,000 bytes, as git does, unless it is UTF-16 with a byte order mark.
 *
 * @throws CliError `not-text`
 */
export function requireTextBeginning(name: string, bytes: Uint8Array): void {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const at = bytes.subarray(0, BEGINNING_BYTES).indexOf(0);
  if (at === -1 || isUtf16) return;
  const kind = kindOfBytes(bytes);
  throw notText(name, kind === undefined ? `byte ${formatCount(at)} is NUL` : `it is ${kind}`);
}

/**
 * Returns the counts if they are those of a text, by the workers' rule. `beginning` is read only to say what else it is.
 *
 * @throws CliError `not-text`
 */
export async function textOnly(
  name: string,
  counts: WordCounts,
  beginning: () => Uint8Array | Promise<Uint8Array>,
): Promise<WordCounts> {
  const facts = textFacts(counts.totalBytes, counts.warnings);
  if (isText(facts)) return counts;
  const { bytes, nuls, invalid } = facts;
  const kind = kindOfBytes(await beginning());
  throw notText(
    name,
    kind !== undefined
      ? `it is ${kind}`
      : `of ${formatCount(bytes)} bytes ${formatCount(nuls)} are NUL and ${formatCount(invalid)} sequences are not UTF-8`,
  );
}

function notText(name: string, why: string): CliError {
  return new CliError(`${spoken(name)} is not text: ${why}`, {
    exitCode: EXIT_CODES.environment,
    code: NOT_TEXT,
    hint: 'Leave it out, or count it all the same with --text.',
  });
}
