/** How the names of compressed texts end, after the suffix of the text itself. */
const COMPRESSION_SUFFIXES = ['.gz', '.zst'] as const;

/**
 * The ends of keys that a suffix stands for: the suffix itself, and the suffix followed by that of a compression, because workers open gzip and
 * zstd. None of them ends in another one, because S3 refuses notifications whose filters overlap. Copied from the rules of the applications,
 * which constructs may not import; a test compares.
 */
export function textSuffixes(suffix: string): string[] {
  const compressed = COMPRESSION_SUFFIXES.map((end) => suffix + end).filter((end) => !end.endsWith(suffix));
  return [suffix, ...compressed];
}
