import { invalidOption } from '../errors.ts';
import { ENGINE_BINARY } from './generated/engine-binary.ts';

/** The functions that the engine imports from its host; see `wasm/host.ts`. */
export interface EngineHost {
  tokenTruncated(offset: number): void;
  invalidUtf8(offset: number): void;
  segmentRuns(address: number, length: number): void;
  dictionaryNeeded(script: number): void;
  sendWords(owner: number, address: number, length: number): void;
  outOfMemory(): never;
  randomBits(): number;
}

/**
 * The functions that the engine exports; see `wasm/index.ts`. Addresses are byte offsets into its memory,
 * which `docs/wasm-memory.md` describes.
 */
export interface EngineExports {
  readonly memory: WasmMemory;
  allocate(bytes: number): number;
  setProperties(index: number, blocks: number, foldings: number, transitions: number): void;
  setMaxTokenBytes(bytes: number): void;
  setOpen(address: number, offset: number): void;
  scanWhitespace(from: number, end: number, plain: number, offsetAt0: number): number;
  scanUnicode(from: number, end: number, offsetAt0: number): void;
  finishUnicode(offset: number): void;
  offerDictionary(script: number): void;
  setDictionary(script: number, address: number): void;
  countCharacters(): void;
  addSegments(from: number, end: number): void;
  reserve(short: number, medium: number, long: number): void;
  addEntries(bytes: number, starts: number, counts: number, first: number, last: number): void;
  shareWords(index: number, engines: number): void;
  addSentWords(from: number, end: number): void;
  beginToSend(): void;
  sendForeignWords(): void;
  validate(from: number, end: number, offsetAt0: number): number;
  unusualBytes(from: number, end: number): number;
  totalWords(): number;
  distinctWords(): number;
  wordBytes(): number;
  beginExport(): number;
  exportSlots(slots: number): number;
}

/**
 * The part of WebAssembly that is used: Node's types do not have it, and types of browsers would bring far
 * more.
 */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (size: { readonly initial: number }) => WasmMemory;
};

/** A WebAssembly memory. When it grows, it gets another buffer, and the old one is detached. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

let compiled: object | null | undefined;

/**
 * Sets the compiled engine, for platforms that do not allow compiling it, such as Cloudflare Workers: they compile the
 * file `@org/wordfreq-core/engine.wasm` when it is imported. Call it before the first count.
 *
 * @throws WordfreqError `invalid-option` if it is no `WebAssembly.Module`
 * @example
 * import engine from '@org/wordfreq-core/engine.wasm';
 * setEngine(engine);
 */
export function setEngine(module: object): void {
  if (!(module instanceof WebAssembly.Module)) {
    throw invalidOption('module', 'a WebAssembly.Module, of @org/wordfreq-core/engine.wasm', typeof module);
  }
  compiled = module;
}

/**
 * Returns the compiled engine, which all counters share; null if WebAssembly or its SIMD is missing or
 * forbidden.
 */
function engineModule(): object | null {
  if (compiled !== undefined) return compiled;
  try {
    const binary = Uint8Array.from(atob(ENGINE_BINARY), (character) => character.charCodeAt(0));
    compiled = new WebAssembly.Module(binary);
    return compiled;
  } catch {
    // No WebAssembly, no SIMD, or a content security policy against it.
    compiled = null;
    return null;
  }
}

/** Whether the WebAssembly engine runs here. */
export function isWasmAvailable(): boolean {
  return engineModule() !== null;
}

/** The initial size of a memory, in pages of 64 KiB; the module must not require more. */
const INITIAL_PAGES = 16;

export function newMemory(): WasmMemory {
  return new WebAssembly.Memory({ initial: INITIAL_PAGES });
}

/** Creates an engine in a memory that is all zeros and belongs to it alone. */
export function instantiateEngine(memory: WasmMemory, host: EngineHost): EngineExports {
  const imports = { env: { memory }, host: { ...host } };
  return new WebAssembly.Instance(engineModule() as object, imports).exports as EngineExports;
}
