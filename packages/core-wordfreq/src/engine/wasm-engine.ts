import { warnOfZeros } from '../charset/warn-of-zeros.ts';
import { decodeWord } from '../count/word-columns.ts';
import type { TableEntries, WordTable } from '../count/word-table.ts';
import type { ResolvedOptions } from '../options.ts';
import { createSegmenter } from '../tokenize/dictionary-segmenter.ts';
import type { Warnings } from '../warnings.ts';
import { loadAsciiProperties, loadCharacterProperties } from './character-properties.ts';
import type { CountEngine } from './count-engine.ts';
import { EngineMemory, PIECE_BYTES } from './engine-memory.ts';
import type { MemoryPool } from './memory-pool.ts';
import type { TableMerger } from './table-merger.ts';
import type { WordExchange } from './word-exchange.ts';

/** What a WebAssembly engine works with. */
interface WasmEngineContext {
  readonly pool: MemoryPool;
  readonly merge: TableMerger;
  readonly options: ResolvedOptions;
  readonly warnings: Warnings;
  /** The engines of other threads that count the same text. */
  readonly exchange: WordExchange | undefined;
}

/** Creates the fast engine: WebAssembly with SIMD, one thread. */
export function createWasmEngine(context: WasmEngineContext): CountEngine {
  return context.options.tokenizer === 'whitespace'
    ? new WasmWhitespaceEngine(context)
    : createWasmUnicodeEngine(context);
}

function eachPiece(chunk: Uint8Array, base: number, take: (piece: Uint8Array, base: number) => void): void {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
    take(chunk.subarray(at, at + PIECE_BYTES), base + at);
  }
}

const SPACE = Uint8Array.of(0x20);

/**
 * Counts words between ASCII white space. The word that a piece leaves open is moved in front of the next
 * piece.
 */
class WasmWhitespaceEngine implements CountEngine {
  readonly lastWords: readonly Uint8Array[] = [];
  readonly merge: TableMerger;
  readonly #memory: EngineMemory;
  readonly #warnings: Warnings;
  readonly #maxTokenBytes: number;
  /** How many bytes of the open word are kept, where it started, and whether it may contain a NUL. */
  #kept = 0;
  #keptOffset = 0;
  #keptHasNul = false;

  constructor({ pool, merge, options, warnings, exchange }: WasmEngineContext) {
    this.merge = merge;
    this.#memory = new EngineMemory(pool, options, warnings, () => undefined, exchange);
    this.#warnings = warnings;
    this.#maxTokenBytes = options.maxTokenBytes;
  }

  get distinctWords(): number {
    return this.#memory.wasm.distinctWords();
  }

  add(entries: TableEntries): void {
    this.#memory.add(entries);
  }

  push(chunk: Uint8Array, base: number): void {
    eachPiece(chunk, base, (piece, pieceBase) => this.#pushPiece(piece, pieceBase));
    this.#memory.receive();
  }

  finish(totalBytes: number): { table: WordTable; words: number } {
    if (this.#kept > 0) this.#pushPiece(SPACE, totalBytes);
    return this.#memory.result();
  }

  release(): void {
    this.#memory.release();
  }

  #pushPiece(piece: Uint8Array, base: number): void {
    const { wasm, input, bytes } = this.#memory;
    const from = input + this.#kept;
    const end = from + piece.length;
    bytes.set(piece, from);
    const offsetAt0 = base - from;
    const hasNul = wasm.validate(from, end, offsetAt0) !== 0;
    if (hasNul) warnOfZeros(piece, base, this.#warnings);
    const plain = !this.#keptHasNul && !hasNul;
    wasm.setOpen(this.#kept > 0 ? input : 0, this.#keptOffset);
    const open = wasm.scanWhitespace(input, end, plain ? 1 : 0, offsetAt0);
    this.#keep(open, end, offsetAt0);
    this.#keptHasNul = !plain && this.#kept > 0;
  }

  #keep(open: number, end: number, offsetAt0: number): void {
    const { input, bytes } = this.#memory;
    const wasOpen = this.#kept > 0 && open === input;
    if (!wasOpen) this.#keptOffset = offsetAt0 + open;
    // One byte beyond the limit is enough to tell that the word is too long.
    this.#kept = Math.min(end - open, this.#maxTokenBytes + 1);
    if (open !== input) bytes.copyWithin(input, open, open + this.#kept);
  }
}

/** What the engine finds in a piece (wasm/unusual-bytes.ts). */
const ZERO = 1;
const BEYOND_ASCII = 2;

/**
 * Room for a batch of 16 KiB and a run of 4,096 characters, each of which may be a word with a zero byte
 * after it.
 */
const SEGMENTS_BYTES = 64 * 1024;

/**
 * Counts words by UAX #29. Runs that need a dictionary come back to JavaScript, where the platform has one.
 */
function createWasmUnicodeEngine({
  pool,
  merge,
  options,
  warnings,
  exchange,
}: WasmEngineContext): CountEngine {
  const segment = createSegmenter(options);
  const encoder = new TextEncoder();
  const segmentRuns = (runs: Uint8Array): void => {
    // One call for all words, because a call takes longer than a word.
    let words = '';
    segment(decodeWord(runs), (word) => {
      words += word === '\n' ? word : `${word}\0`;
    });
    const { written } = encoder.encodeInto(words, memory.bytes.subarray(segments, segments + SEGMENTS_BYTES));
    memory.wasm.addSegments(segments, segments + written);
  };
  const memory: EngineMemory = new EngineMemory(pool, options, warnings, segmentRuns, exchange);
  const { wasm, input } = memory;
  loadAsciiProperties(wasm);
  let isAscii = true;
  const segments = wasm.allocate(SEGMENTS_BYTES);
  return {
    merge,
    lastWords: [],
    add: (entries) => memory.add(entries),
    push: (chunk, base) => {
      eachPiece(chunk, base, (piece, pieceBase) => {
        memory.bytes.set(piece, input);
        const unusual = wasm.unusualBytes(input, input + piece.length);
        if ((unusual & ZERO) !== 0) warnOfZeros(piece, pieceBase, warnings);
        if (isAscii && (unusual & BEYOND_ASCII) !== 0) {
          // Not earlier, because it takes as long as counting some megabytes.
          loadCharacterProperties(wasm);
          isAscii = false;
        }
        wasm.scanUnicode(input, input + piece.length, pieceBase - input);
      });
      memory.receive();
    },
    finish: (totalBytes) => {
      wasm.finishUnicode(totalBytes);
      return memory.result();
    },
    release: () => memory.release(),
    get distinctWords(): number {
      return wasm.distinctWords();
    },
  };
}
