import { allFlags, BEGINS, ELIDES, ENDS, flagsOf, MARK, REPEATS, shortestRun } from './lookahead-rules.ts';
import { FIRST_CHARACTERS, type LookaheadScript } from './lookahead-table.ts';
import type { DictionaryTable } from './word-dictionary.ts';

// ICU's rule for Thai, Lao, Khmer and Burmese (dictbe.cpp): take the longest word that two more words follow, else
// the shortest that one follows, else the longest. Characters that are in no word are joined to a short word before
// them, up to where a word begins. `wasm/lookahead-words.ts` is the same for WebAssembly.

/** A word of at least this many characters is not joined to what follows. */
export const LONG_WORD = 3;

const flagTables = new Map<LookaheadScript, Uint8Array>();

/** Returns the ends of the words of a run of one script, except the last one. */
export function lookaheadCuts(
  script: LookaheadScript,
  table: DictionaryTable,
  run: string,
): readonly number[] {
  return run.length < shortestRun(script) ? [] : new Lookahead(script, table, run).cuts();
}

/** The words that may begin somewhere. */
interface Candidates {
  /** Where they end, the shortest first. */
  readonly ends: readonly number[];
  /** Whether the first two characters begin a word, and a third one follows. */
  readonly isLikeWord: boolean;
}

class Lookahead {
  readonly #script: LookaheadScript;
  readonly #table: DictionaryTable;
  readonly #run: string;
  readonly #flagTable: Uint8Array;
  readonly #known: (Candidates | undefined)[] = [];

  constructor(script: LookaheadScript, table: DictionaryTable, run: string) {
    this.#script = script;
    this.#table = table;
    this.#run = run;
    this.#flagTable = flagTables.get(script) ?? allFlags(script);
    flagTables.set(script, this.#flagTable);
  }

  cuts(): readonly number[] {
    const cuts: number[] = [];
    for (let at = 0; at < this.#run.length; ) {
      const end = this.#afterSuffixes(this.#afterMarks(this.#afterUnknown(at, this.#wordEnd(at))));
      if (end < this.#run.length) cuts.push(end);
      at = end;
    }
    return cuts;
  }

  /** Returns the end of the word of the dictionary, or `from` if there is none. */
  #wordEnd(from: number): number {
    const { ends } = this.#candidates(from);
    const longest = ends.at(-1) ?? from;
    if (ends.length < 2 || longest === this.#run.length) return longest;
    let best = longest;
    for (const end of ends.toReversed()) {
      const next = this.#candidates(end).ends;
      if (next.length === 0) continue;
      best = end;
      if (next.at(-1) === this.#run.length) return end;
      if (next.some((nextEnd) => this.#candidates(nextEnd).ends.length > 0)) return end;
    }
    return best;
  }

  /** Joins a short word, or none, to characters that are in no word. */
  #afterUnknown(from: number, end: number): number {
    if (end === this.#run.length || end - from >= LONG_WORD) return end;
    const { ends, isLikeWord } = this.#candidates(end);
    if (ends.length > 0 || (end > from && isLikeWord)) return end;
    let at = end + 1;
    while (at < this.#run.length && !this.#mayBeginAt(at)) at += 1;
    return at;
  }

  #mayBeginAt(at: number): boolean {
    return (
      (this.#flags(at - 1) & ENDS) !== 0 &&
      (this.#flags(at) & BEGINS) !== 0 &&
      this.#candidates(at).ends.length > 0
    );
  }

  #afterMarks(from: number): number {
    let at = from;
    while (at < this.#run.length && this.#flags(at) & MARK) at += 1;
    return at;
  }

  #afterSuffixes(from: number): number {
    let at = from;
    if (!(this.#flags(at) & (ELIDES | REPEATS)) || this.#candidates(at).ends.length > 0) return at;
    if (this.#flags(at) & ELIDES) {
      if (this.#flags(at - 1) & (ELIDES | REPEATS)) return at;
      at += 1;
    }
    return this.#flags(at) & REPEATS && !(this.#flags(at - 1) & REPEATS) ? at + 1 : at;
  }

  #candidates(from: number): Candidates {
    const known = this.#known[from];
    if (known !== undefined) return known;
    const ends: number[] = [];
    const first = FIRST_CHARACTERS[this.#script];
    let node = 0;
    let at = from;
    while (at < this.#run.length) {
      const character = this.#run.charCodeAt(at) - first;
      const slot = this.#table[node + (character & 0xff)] as number;
      if ((slot & 0xff) !== character || slot <= 0xff) break;
      at += 1;
      if (slot & 0x100) ends.push(at);
      node = slot >>> 9;
      if (node === 0) break;
    }
    const candidates = { ends, isLikeWord: at - from >= 2 && from + 2 < this.#run.length };
    this.#known[from] = candidates;
    return candidates;
  }

  /** The flags of a character; none at the end of the run. */
  #flags(at: number): number {
    if (at >= this.#run.length) return 0;
    const codePoint = this.#run.charCodeAt(at);
    const number = codePoint - FIRST_CHARACTERS[this.#script];
    return number < 256 ? (this.#flagTable[number] as number) : flagsOf(this.#script, codePoint);
  }
}
