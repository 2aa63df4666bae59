/** How the names of compressed texts end, after the suffix of the text itself. */
export const COMPRESSION_SUFFIXES: readonly string[] = ['.gz', '.zst'];

/**
 * The ends of keys that a configured suffix stands for: the suffix itself, and the suffix followed by that of a compression, because workers
 * open gzip and zstd. None of them ends in another one, because S3 refuses notifications whose filters overlap.
 *
 * @example
 * textSuffixes('.txt'); // ['.txt', '.txt.gz', '.txt.zst']
 * textSuffixes(''); // ['']: every key
 */
export function textSuffixes(suffix: string): readonly string[] {
  const compressed = COMPRESSION_SUFFIXES.map((end) => suffix + end).filter((end) => !end.endsWith(suffix));
  return [suffix, ...compressed];
}

/** Whether a key is one of a text: whether it ends in one of {@link textSuffixes}. */
export function isTextKey(key: string, suffix: string): boolean {
  return textSuffixes(suffix).some((end) => key.endsWith(end));
}
