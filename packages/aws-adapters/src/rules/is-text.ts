/** A text may have this many NUL bytes per byte: some editors and dumps leave a few. */
const MAX_NUL_SHARE = 1 / 1000;
/**
 * And this many faulty UTF-8 sequences per byte: a Latin-1 text in a European language has fewer, a binary
 * file has more.
 */
const MAX_INVALID_SHARE = 1 / 10;

/** What a count found in some bytes. */
export interface TextFacts {
  /** How many bytes were looked at. */
  readonly bytes: number;
  /** How many of them are NUL. */
  readonly nuls: number;
  /** Sequences that are not UTF-8. */
  readonly invalid: number;
}

/** What {@link isText} needs to know, from the warnings of a count. */
export function textFacts(
  bytes: number,
  warnings: readonly { readonly code: string; readonly count: number }[],
): TextFacts {
  const found = (code: string): number => warnings.find((warning) => warning.code === code)?.count ?? 0;
  return { bytes, nuls: found('nul'), invalid: found('invalid-utf8') };
}

/**
 * Whether bytes are a text: of 1,000 at most one is NUL, and of 10 at most one begins a faulty UTF-8
 * sequence. UTF-16 with a byte order mark is text, and is decoded before it is judged.
 */
export function isText({ bytes, nuls, invalid }: TextFacts): boolean {
  return nuls <= bytes * MAX_NUL_SHARE && invalid <= bytes * MAX_INVALID_SHARE;
}
