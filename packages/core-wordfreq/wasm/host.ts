// Functions that the host provides (`EngineHost` in src/engine/wasm-module.ts).

/** Warns of a word that was truncated, by its offset. */
export declare function tokenTruncated(offset: f64): void;
/** Warns of bytes that are not UTF-8, by their offset. */
export declare function invalidUtf8(offset: f64): void;
/**
 * Asks for the words of runs of UTF-8, each of which ends with a line feed. The host passes them to
 * `addSegments`.
 */
export declare function segmentRuns(address: usize, length: u32): void;
/** Throws in the host: there is no more memory. */
export declare function outOfMemory(): void;
/** Asks for a dictionary that the host offered. The host calls `setDictionary`. */
export declare function dictionaryNeeded(script: u32): void;
/**
 * Sends a message of words (exchange.ts) to the engine that owns them. The message is valid during the call.
 */
export declare function sendWords(owner: u32, address: usize, length: u32): void;
/** Returns 32 random bits, from a secure source. */
export declare function randomBits(): u32;
