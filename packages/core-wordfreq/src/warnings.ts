/**
 * Something unusual about the text that did not stop the count. The set is closed: changing it is a major
 * change.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-utf8` | bytes that are not UTF-8; each maximal part counts as one U+FFFD, which is not a letter |
 * | `undecodable` | bytes that are not characters of a text's encoding, if that is not UTF-8; each is counted as U+FFFD |
 * | `nul` | NUL bytes; they separate words like other control characters |
 * | `byte-order-mark` | the text starts with one; it is not part of the first word |
 * | `utf-16` | the text was decoded as UTF-16 |
 * | `token-truncated` | a word is longer than `maxTokenBytes` and was truncated |
 */
export type WarningCode =
  | 'invalid-utf8'
  | 'undecodable'
  | 'nul'
  | 'byte-order-mark'
  | 'utf-16'
  | 'token-truncated';

/** All occurrences of one kind of warning. */
export interface CountWarning {
  /** What was unusual. */
  readonly code: WarningCode;
  /** How often it occurred. */
  readonly count: number;
  /** The offset of the first occurrence, in bytes from the start of the text. */
  readonly firstOffset: number;
}

/** Collects warnings in constant memory. */
export class Warnings {
  readonly #found = new Map<WarningCode, { count: number; firstOffset: number }>();

  /** Adds one occurrence, or several of which the first is at `offset`. */
  add(code: WarningCode, offset: number, count = 1): void {
    const known = this.#found.get(code);
    if (known === undefined) this.#found.set(code, { count, firstOffset: offset });
    else {
      known.count += count;
      known.firstOffset = Math.min(known.firstOffset, offset);
    }
  }

  /** Adds the warnings of another count. */
  addAll(warnings: readonly CountWarning[]): void {
    for (const { code, firstOffset, count } of warnings) this.add(code, firstOffset, count);
  }

  has(code: WarningCode): boolean {
    return this.#found.has(code);
  }

  /** Returns the warnings in the order of their first offsets, then of their codes. */
  list(): readonly CountWarning[] {
    return [...this.#found]
      .map(([code, { count, firstOffset }]) => ({ code, count, firstOffset }))
      .sort((a, b) => a.firstOffset - b.firstOffset || (a.code < b.code ? -1 : 1));
  }
}

/** @internal The warnings of several texts together. */
export function mergeWarnings(lists: readonly (readonly CountWarning[])[]): readonly CountWarning[] {
  const merged = new Warnings();
  for (const list of lists) merged.addAll(list);
  return merged.list();
}
