import { type TableEntries, WordTable } from '../count/word-table.ts';
import { TABLE_BYTES, type WordDictionary } from '../dictionary/word-dictionary.ts';
import { WordfreqError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import { randomBits } from '../random-bits.ts';
import type { Warnings } from '../warnings.ts';
import type { MemoryPool, PooledMemory } from './memory-pool.ts';
import { type EngineExports, instantiateEngine } from './wasm-module.ts';
import type { WordExchange } from './word-exchange.ts';

/** Bytes given to WebAssembly at a time: they and the tables in use should fit the second-level cache. */
export const PIECE_BYTES: number = 64 * 1024;
/** The engine reads whole vectors, and so beyond the end. */
const READ_AHEAD_BYTES = 128;
/** Engines replace slow code by fast code when it is called again, so long work is done in several calls. */
const AT_A_TIME = 4096;
/** The first of engines that count a text together makes its arrays so much larger that those of all, which are about as large, find room there. */
const ROOM_FOR_OTHERS = 1.05;
/** With more words, an engine sends those that others own and that are new: the ones that it knows, which are the most frequent, stay at hand. */
const FEW_WORDS = 32_768;

/** One WebAssembly instance: its input buffer, its growing memory, its result. */
export class EngineMemory {
  readonly wasm: EngineExports;
  /** The address of the input buffer: room for a word of `maxTokenBytes + 1` and a piece. */
  readonly input: number;
  readonly #pool: MemoryPool;
  readonly #own: PooledMemory;
  #bytes: Uint8Array;
  /** Where entries are put that come from elsewhere. */
  #transfer = 0;
  #transferBytes = 0;
  readonly #exchange: WordExchange | undefined;
  #isSending = false;

  /** `segmentRuns` is called with runs of text that a dictionary has to segment; only the `unicode` tokenizer has such runs. */
  constructor(
    pool: MemoryPool,
    options: ResolvedOptions,
    warnings: Warnings,
    segmentRuns: (runs: Uint8Array) => void,
    exchange?: WordExchange,
  ) {
    const { dictionary } = options;
    this.#pool = pool;
    this.#own = pool.take(dictionary !== undefined);
    this.wasm = instantiateEngine(this.#own.memory, {
      tokenTruncated: (offset) => warnings.add('token-truncated', offset),
      invalidUtf8: (offset) => warnings.add('invalid-utf8', offset),
      outOfMemory,
      randomBits,
      dictionaryNeeded: () => this.#loadDictionary(dictionary),
      sendWords: (owner, address, length) =>
        exchange?.send(owner, this.bytes.subarray(address, address + length)),
      segmentRuns: (address, length) => segmentRuns(this.bytes.subarray(address, address + length)),
    });
    if (dictionary !== undefined) {
      // First, so that it is in the same place whatever the options are. It takes no memory as long as nobody touches it.
      this.#own.dictionaryAt = this.wasm.allocate(TABLE_BYTES);
      this.wasm.offerDictionary();
    }
    this.wasm.setMaxTokenBytes(options.maxTokenBytes);
    this.input = this.wasm.allocate(options.maxTokenBytes + 1 + PIECE_BYTES + READ_AHEAD_BYTES);
    this.#bytes = new Uint8Array(this.#own.memory.buffer);
    this.#exchange = exchange;
    if (exchange !== undefined) this.wasm.shareWords(exchange.index, exchange.engines);
  }

  /** Texts without Chinese or Japanese do without the time and memory that this takes. */
  #loadDictionary(dictionary: WordDictionary | undefined): void {
    const address = this.#own.dictionaryAt;
    if (dictionary === undefined || address === undefined) return;
    const table = dictionary.table();
    if (this.#own.dictionary !== table) {
      this.bytes.set(new Uint8Array(table.buffer, table.byteOffset, table.byteLength), address);
      this.#own.dictionary = table;
    }
    this.wasm.setDictionary(address);
  }

  /** The engine's memory. When it grows, older views of it are dead. */
  get bytes(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#own.memory.buffer);
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
    this.wasm.reserve(...sizesByPart(starts));
    for (let first = 0; first < counts.length; first += AT_A_TIME) {
      const last = Math.min(first + AT_A_TIME, counts.length);
      this.wasm.addEntries(bytesAt, startsAt, countsAt, first, last);
    }
  }

  /** Counts what other engines sent that count the same text. */
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

  /** What was counted, copied out, so that the engine's memory can go or be used again. */
  result(): { table: WordTable; words: number } {
    if (this.#exchange !== undefined) {
      this.wasm.sendForeignWords();
      this.#exchange.receiveRest(this.#addSent);
    }
    return { table: WordTable.adopt(this.#export()), words: this.wasm.totalWords() };
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

  /** Lets the memory go. What was copied out stays valid; nothing else may be called from then on. */
  release(): void {
    this.#pool.giveBack(this.#own);
  }

  #reserveTransfer(bytes: number): number {
    if (bytes <= this.#transferBytes) return this.#transfer;
    // Twice as much as before, so that what is left behind stays less than what is in use.
    this.#transferBytes = Math.max(bytes, 2 * this.#transferBytes);
    this.#transfer = this.wasm.allocate(this.#transferBytes);
    return this.#transfer;
  }
}

/** How many words have up to 8 bytes, up to 16, and more: the parts of the engine's table. */
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
