import { type TableEntries, WordTable } from '../count/word-table.ts';
import { TABLE_BYTES } from '../dictionary/cjk-table.ts';
import { allFlags, shortestRun } from '../dictionary/lookahead-rules.ts';
import type { LookaheadScript } from '../dictionary/lookahead-table.ts';
import { DICTIONARY_SCRIPTS, type WordDictionary } from '../dictionary/word-dictionary.ts';
import { WordfreqError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import { randomBits } from '../random-bits.ts';
import type { Warnings } from '../warnings.ts';
import type { MemoryPool, PooledMemory } from './memory-pool.ts';
import { type EngineExports, instantiateEngine } from './wasm-module.ts';
import type { WordExchange } from './word-exchange.ts';

/**
 * The bytes that are copied into WebAssembly at a time: with the tables in use, they should fit in the
 * second-level cache.
 */
export const PIECE_BYTES: number = 64 * 1024;
/** The engine reads whole vectors, and so reads beyond the end. */
const READ_AHEAD_BYTES = 128;
/**
 * V8 switches to optimized code only when a function is called again, so long work is done in several calls.
 */
const AT_A_TIME = 4096;
/**
 * With several engines, the first one makes its arrays so much larger that the entries of all, which are
 * about equally many, fit there.
 */
const ROOM_FOR_OTHERS = 1.05;
/**
 * With more words than this, an engine sends new words to their owners. The words that it knows, which are
 * the most frequent ones, it counts itself.
 */
const FEW_WORDS = 32_768;

/** One WebAssembly instance with its memory: input, entries from elsewhere, result. */
export class EngineMemory {
  readonly wasm: EngineExports;
  /** The address of the input buffer: room for an open word of `maxTokenBytes + 1` and a piece. */
  readonly input: number;
  readonly #pool: MemoryPool;
  readonly #own: PooledMemory;
  #bytes: Uint8Array;
  /** The address of the buffer for entries that were counted elsewhere. */
  #transfer = 0;
  #transferBytes = 0;
  readonly #exchange: WordExchange | undefined;
  #isSending = false;

  /**
   * `segmentRuns` is called with runs of text that a dictionary has to segment; only the `unicode` tokenizer
   * has such runs.
   */
  constructor(
    pool: MemoryPool,
    options: ResolvedOptions,
    warnings: Warnings,
    segmentRuns: (runs: Uint8Array) => void,
    exchange?: WordExchange,
  ) {
    const { dictionary, normalize, cjk } = options;
    const hasCjk = dictionary.some(({ script }) => script === 'cjk');
    this.#pool = pool;
    this.#own = pool.take(hasCjk);
    this.wasm = instantiateEngine(this.#own.memory, {
      tokenTruncated: (offset) => warnings.add('token-truncated', offset),
      invalidUtf8: (offset) => warnings.add('invalid-utf8', offset),
      outOfMemory,
      randomBits,
      dictionaryNeeded: (number) =>
        this.#loadDictionary(dictionary.find(({ script }) => script === DICTIONARY_SCRIPTS[number])),
      sendWords: (owner, address, length) =>
        exchange?.send(owner, this.bytes.subarray(address, address + length)),
      segmentRuns: (address, length) => segmentRuns(this.bytes.subarray(address, address + length)),
    });
    // It comes first, so that its address does not depend on other options. Memory that is never touched takes no
    // space.
    if (hasCjk) this.#own.dictionaryAt = this.wasm.allocate(TABLE_BYTES);
    for (const { script } of dictionary) {
      // NFC changes the order of marks, which the host does before it segments.
      if (script === 'cjk' || normalize === 'none')
        this.wasm.offerDictionary(DICTIONARY_SCRIPTS.indexOf(script));
    }
    if (cjk === 'character') this.wasm.countCharacters();
    this.wasm.setMaxTokenBytes(options.maxTokenBytes);
    this.input = this.wasm.allocate(options.maxTokenBytes + 1 + PIECE_BYTES + READ_AHEAD_BYTES);
    this.#bytes = new Uint8Array(this.#own.memory.buffer);
    this.#exchange = exchange;
    if (exchange !== undefined) this.wasm.shareWords(exchange.index, exchange.engines);
  }

  /** Called at the first run of a script, so that other texts do not pay for it. */
  #loadDictionary(dictionary: WordDictionary | undefined): void {
    if (dictionary === undefined) return;
    const { script } = dictionary;
    const address = script === 'cjk' ? this.#loadCjk(dictionary) : this.#loadLookahead(script, dictionary);
    this.wasm.setDictionary(DICTIONARY_SCRIPTS.indexOf(script), address);
  }

  #loadCjk(dictionary: WordDictionary): number {
    const address = this.#own.dictionaryAt as number;
    const table = dictionary.table();
    if (this.#own.dictionary !== table) {
      this.bytes.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), address);
      this.#own.dictionary = table;
    }
    return address;
  }

  /** The length of the shortest run that is segmented, the flags of the characters, the table. */
  #loadLookahead(script: LookaheadScript, dictionary: WordDictionary): number {
    const table = dictionary.table();
    const flags = allFlags(script);
    const address = this.wasm.allocate(4 + flags.length + table.byteLength);
    this.bytes.set([shortestRun(script)], address);
    this.bytes.set(flags, address + 4);
    this.bytes.set(
      new Uint8Array(table.buffer, table.byteOffset, table.byteLength),
      address + 4 + flags.length,
    );
    return address;
  }

  /** The engine's memory. When it grows, older views are detached. */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#own.memory.buffer);
    return this.#bytes;
  }

  /** Adds entries that were counted elsewhere, with distinct words. */
  add({ bytes, starts, counts }: TableEntries): void {
    let at = this.#reserveTransfer(
      counts.byteLength + starts.byteLength + bytes.byteLength + READ_AHEAD_BYTES,
    );
    // Counts come first, because they must be aligned to eight bytes.
    const [countsAt = 0, startsAt = 0, bytesAt = 0] = [counts, starts, bytes].map((array) => {
      const address = at;
      this.bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), address);
      at += array.byteLength;
      return address;
    });
    this.wasm.reserve(...sizesByPart(starts));
    for (let first = 0; first < counts.length; first += AT_A_TIME) {
      const last = Math.min(first + AT_A_TIME, counts.length);
      this.wasm.addEntries(bytesAt, startsAt, countsAt, first, last);
    }
  }

  /** Counts the words that the other engines of the same text have sent. */
  receive(): void {
    if (this.#exchange === undefined) return;
    if (!this.#isSending && this.wasm.distinctWords() > FEW_WORDS) {
      this.#isSending = true;
      this.wasm.beginToSend();
    }
    this.#exchange.receive(this.#addSent);
  }

  readonly #addSent = (words: Uint8Array): void => {
    const address = this.#reserveTransfer(words.length + READ_AHEAD_BYTES);
    this.bytes.set(words, address);
    this.wasm.addSentWords(address, address + words.length);
  };

  /** Returns the result as a copy, so that the engine's memory can be released or reused. */
  result(): { table: WordTable; words: number } {
    if (this.#exchange !== undefined && (this.#isSending || !this.#exchange.isAlone)) {
      this.wasm.sendForeignWords();
      this.#exchange.receiveRest(this.#addSent);
    }
    return { table: new WordTable(this.#export()), words: this.wasm.totalWords() };
  }

  #export(): TableEntries {
    const size = this.wasm.distinctWords();
    const room = this.#exchange?.index === 0 ? ROOM_FOR_OTHERS * this.#exchange.engines : 1;
    const bytes = new Uint8Array(Math.ceil(room * this.wasm.wordBytes()));
    const starts = new Uint32Array(Math.ceil(room * size) + 1);
    const counts = new Float64Array(Math.ceil(room * size));
    const exported = new Uint32Array(this.#own.memory.buffer, this.wasm.beginExport(), 4);
    const [bytesAt = 0, endsAt = 0, countsAt = 0] = exported;
    let entry = 0;
    for (let more = true; more; ) {
      more = this.wasm.exportSlots(AT_A_TIME) !== 0;
      const words = exported[3] as number;
      starts.set(new Uint32Array(exported.buffer, endsAt, words), entry + 1);
      counts.set(new Float64Array(exported.buffer, countsAt, words), entry);
      const begin = starts[entry] as number;
      entry += words;
      bytes.set(new Uint8Array(exported.buffer, bytesAt, (starts[entry] as number) - begin), begin);
    }
    return {
      bytes: bytes.subarray(0, starts[size]),
      starts: starts.subarray(0, size + 1),
      counts: counts.subarray(0, size),
    };
  }

  /** Gives the memory back to the pool. Results stay valid; no other method may be called after this. */
  release(): void {
    this.#pool.giveBack(this.#own);
  }

  #reserveTransfer(bytes: number): number {
    if (bytes <= this.#transferBytes) return this.#transfer;
    // At least twice as much as before, so that the abandoned buffers are smaller than the one in use.
    this.#transferBytes = Math.max(bytes, 2 * this.#transferBytes);
    this.#transfer = this.wasm.allocate(this.#transferBytes);
    return this.#transfer;
  }
}

/**
 * Returns the number of words of up to 8 bytes, of up to 16, and longer ones: one for each part of the
 * engine's table.
 */
function sizesByPart(starts: Uint32Array): [short: number, medium: number, long: number] {
  let [short, medium] = [0, 0];
  for (let entry = 1; entry < starts.length; entry += 1) {
    const length = (starts[entry] as number) - (starts[entry - 1] as number);
    if (length <= 8) short += 1;
    else if (length <= 16) medium += 1;
  }
  return [short, medium, starts.length - 1 - short - medium];
}

function outOfMemory(): never {
  throw new WordfreqError(
    'too-many-distinct-words',
    'Expected different words that fit in 4 GB of memory, but there are more. Set maxDistinctWords, or split the text.',
  );
}
