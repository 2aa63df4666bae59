/** The suffixes that compression adds to a text's own suffix. */
const COMPRESSION_SUFFIXES = ['.gz', '.zst'] as const;

/**
 * The suffixes of keys that `suffix` selects: the suffix itself, and the suffix followed by that of a
 * compression that workers can read. None of them ends with another one, because S3 rejects notifications
 * whose filters overlap. This is a copy of the applications' rule, which constructs may not import; a test
 * compares both.
 */
export function textSuffixes(suffix: string): string[] {
  const compressed = COMPRESSION_SUFFIXES.map((end) => suffix + end).filter((end) => !end.endsWith(suffix));
  return [suffix, ...compressed];
}
