/** What an engine sends at a time is not larger (`wasm/exchange.ts`). */
export const MAX_MESSAGE_BYTES: number = (256 + 64) * 1024 + 32;

/**
 * What connects engines that count one text together, each in a thread of its own. Each word has an owner among the engines, which alone has it
 * in its table in the end: the tables have no word in common and need not be merged, which would take longer than counting did.
 */
export interface WordExchange {
  /** Which of the engines this is, from 0. */
  readonly index: number;
  readonly engines: number;
  /** Gives words to the engine that owns them. The bytes are valid during the call. */
  send(owner: number, words: Uint8Array): void;
  /** Takes what the others have sent so far. */
  receive(take: (words: Uint8Array) => void): void;
  /** Tells the others that no more will come, and waits until all of them have told the same. */
  receiveRest(take: (words: Uint8Array) => void): void;
}
