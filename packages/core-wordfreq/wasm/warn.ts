/** The host is told of a word that was cut, by its offset. */
export declare function tokenTruncated(offset: f64): void;
/** The host is told of bytes that are no UTF-8, by their offset. */
export declare function invalidUtf8(offset: f64): void;
/** The host tells the words of runs of UTF-8 apart, each of which ends with a line feed, and gives them to `addSegments`. */
export declare function segmentRuns(address: usize, length: u32): void;
/** The host throws: no more memory is to be had. */
export declare function outOfMemory(): void;
/** The host calls `setDictionary`: a run needs the dictionary that it offered. */
export declare function dictionaryNeeded(): void;
/** The host gives a message of words (exchange.ts) to the engine that owns them; it is valid during the call. */
export declare function sendWords(owner: u32, address: usize, length: u32): void;
/** The host gives 32 bits that nobody can guess. */
export declare function randomBits(): u32;
