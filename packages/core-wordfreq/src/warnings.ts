/**
 * Something noteworthy about the text that did not stop the count. The set is closed: changing it is a major change.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-utf8` | bytes that are no UTF-8; each maximal part counts as one U+FFFD, which is no letter |
 * | `nul` | NUL bytes; they separate words like other control characters |
 * | `byte-order-mark` | the text began with one; it is no part of the first word |
 * | `utf-16` | a byte order mark said UTF-16, and the text was decoded as that |
 * | `token-truncated` | a word was longer than `maxTokenBytes` and was cut there |
 */
export type WarningCode = 'invalid-utf8' | 'nul' | 'byte-order-mark' | 'utf-16' | 'token-truncated';

/** One kind of warning, all its occurrences together. */
export interface CountWarning {
  readonly code: WarningCode;
  readonly count: number;
  /** Of the first occurrence, in bytes from the start of the text. */
  readonly firstOffset: number;
}

/** Collects warnings in constant memory. */
export class Warnings {
  readonly #found = new Map<WarningCode, { count: number; firstOffset: number }>();

  /** Notes one occurrence, or several of which the first is at `offset`. */
  add(code: WarningCode, offset: number, count = 1): void {
    const known = this.#found.get(code);
    if (known === undefined) this.#found.set(code, { count, firstOffset: offset });
    else {
      known.count += count;
      known.firstOffset = Math.min(known.firstOffset, offset);
    }
  }

  /** Notes what was noted elsewhere. */
  addAll(warnings: readonly CountWarning[]): void {
    for (const { code, firstOffset, count } of warnings) this.add(code, firstOffset, count);
  }

  has(code: WarningCode): boolean {
    return this.#found.has(code);
  }

  /** In the order of their first offsets, then of their codes. */
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
