/** The largest message of an engine (`wasm/exchange.ts`). */
export const MAX_MESSAGE_BYTES: number = (256 + 64) * 1024 + 32;

/**
 * Connects engines that count one text together, each in its own thread. Each word is owned by one of the
 * engines, and in the end only the owner has it in its table. So the tables have no word in common and need
 * not be merged, which would take longer than the count.
 */
export interface WordExchange {
  /** The number of this engine, from 0; `engines` for one that owns no words and is sent none. */
  readonly index: number;
  /** How many engines own words. */
  readonly engines: number;
  /** Whether no other engine has counted anything, so that this one may keep what it has not sent yet. */
  readonly isAlone: boolean;
  /** Sends words to the engine that owns them. The bytes are valid during the call. */
  send(owner: number, words: Uint8Array): void;
  /** Receives what the others have sent so far. */
  receive(take: (words: Uint8Array) => void): void;
  /**
   * Tells the others that this engine has sent everything, and receives until all others have done the same.
   */
  receiveRest(take: (words: Uint8Array) => void): void;
}
