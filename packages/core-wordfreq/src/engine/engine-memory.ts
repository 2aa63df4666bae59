import { type TableEntries, WordTable } from '../count/word-table.ts';
import type { WordDictionary } from '../dictionary/word-dictionary.ts';
import { WordfreqError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Warnings } from '../warnings.ts';
import { type EngineExports, instantiateEngine } from './wasm-module.ts';

/** Bytes given to WebAssembly at a time: they and the tables in use should fit the second-level cache. */
export const PIECE_BYTES: number = 64 * 1024;
/** The engine reads whole vectors, and so beyond the end. */
const READ_AHEAD_BYTES = 128;

/** One WebAssembly instance: its input buffer, its growing memory, its result. */
export class EngineMemory {
  readonly wasm: EngineExports;
  /** The address of the input buffer: room for a word of `maxTokenBytes + 1` and a piece. */
  readonly input: number;
  #bytes: Uint8Array;
  /** Where entries are put that come from elsewhere. */
  #transfer = 0;
  #transferBytes = 0;

  constructor(options: ResolvedOptions, warnings: Warnings, segmentRuns: (runs: Uint8Array) => void) {
    const { dictionary } = options;
    this.wasm = instantiateEngine({
      tokenTruncated: (offset) => warnings.add('token-truncated', offset),
      invalidUtf8: (offset) => warnings.add('invalid-utf8', offset),
      outOfMemory,
      dictionaryNeeded: () => this.#loadDictionary(dictionary),
      segmentRuns: (address, length) => segmentRuns(this.bytes.subarray(address, address + length)),
    });
    this.wasm.setMaxTokenBytes(options.maxTokenBytes);
    this.input = this.wasm.allocate(options.maxTokenBytes + 1 + PIECE_BYTES + READ_AHEAD_BYTES);
    this.#bytes = new Uint8Array(this.wasm.memory.buffer);
    if (dictionary !== undefined) this.wasm.offerDictionary();
  }

  /** Texts without Chinese or Japanese do without the time and memory that this takes. */
  #loadDictionary(dictionary: WordDictionary | undefined): void {
    if (dictionary === undefined) return;
    const table = dictionary.table();
    const address = this.wasm.allocate(table.byteLength);
    this.bytes.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), address);
    this.wasm.setDictionary(address);
  }

  /** The engine's memory. When it grows, older views of it are dead. */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.wasm.memory.buffer);
    return this.#bytes;
  }

  /** Counts entries that were counted elsewhere; all of them are different. */
  add({ bytes, starts, counts }: TableEntries): void {
    let at = this.#reserveTransfer(
      counts.byteLength + starts.byteLength + bytes.byteLength + READ_AHEAD_BYTES,
    );
    // Counts come first, because they must stand at multiples of eight.
    const [countsAt = 0, startsAt = 0, bytesAt = 0] = [counts, starts, bytes].map((array) => {
      const address = at;
      this.bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address);
      at += array.byteLength;
      return address;
    });
    this.wasm.addEntries(bytesAt, startsAt, countsAt, counts.length);
  }

  /** What was counted, copied out, so that the engine's memory can go or be used again. */
  result(): { table: WordTable; words: number } {
    const size = this.wasm.distinctWords();
    const address = this.wasm.exportEntries();
    const { buffer } = this.wasm.memory;
    const [bytes = 0, starts = 0, counts = 0] = new Uint32Array(buffer, address, 3);
    const copied = new Uint32Array(buffer, starts, size + 1).slice();
    const table = WordTable.adopt({
      bytes: new Uint8Array(buffer, bytes, copied[size]).slice(),
      starts: copied,
      counts: new Float64Array(buffer, counts, size).slice(),
    });
    this.wasm.release(address);
    return { table, words: this.wasm.totalWords() };
  }

  #reserveTransfer(bytes: number): number {
    if (bytes <= this.#transferBytes) return this.#transfer;
    // Twice as much as before, so that what is left behind stays less than what is in use.
    this.#transferBytes = Math.max(bytes, 2 * this.#transferBytes);
    this.#transfer = this.wasm.allocate(this.#transferBytes);
    return this.#transfer;
  }
}

function outOfMemory(): never {
  throw new WordfreqError(
    'too-many-distinct-words',
    'Expected different words that fit in 4 GB of memory, but there are more. Set maxDistinctWords, or split the text.',
  );
}
