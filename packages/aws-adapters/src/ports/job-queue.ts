import type { CallOptions } from './object-store.ts';

/** A received message: it returns to the queue when its lease, the visibility timeout, ends. */
export interface QueueMessage {
  /** The queue's id of the message. */
  readonly id: string;
  /** The text of the message. */
  readonly body: string;
  /** Identifies this lease; a later receive of the same message has another receipt. */
  readonly receipt: string;
  /** How often the queue has delivered this message, this time included. At least 1. */
  readonly receiveCount: number;
  /** When it was first sent. */
  readonly sentAt?: Date;
  /** The message attributes that are texts. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** How to receive. */
export interface ReceiveOptions extends CallOptions {
  /** 1 to 10. */
  readonly maxMessages: number;
  /** How long to wait for a first message (long polling), 0 to 20. */
  readonly waitSeconds: number;
  /** How long the lease lasts, 1 to 43,200. */
  readonly visibilitySeconds: number;
}

/** Why a message will never be processed; it is sent with the message to the dead-letter queue. */
export interface QuarantineReason {
  /** From a documented set, such as `not-json` or `object-too-large`. */
  readonly code: string;
  /** One sentence for a person. */
  readonly detail: string;
  /**
   * More facts, such as `bucket`, `key`, `jobId`; at most six (a message carries ten attributes), values at
   * most 1,024 characters.
   */
  readonly facts?: ReadonlyMap<string, string>;
}

/** The attribute names that a quarantined message carries, frozen. */
export type QuarantineAttribute = 'reasonCode' | 'reasonDetail' | 'quarantinedAt' | 'originalMessageId';

/** Work waiting, as the queue reports it (approximately). */
export interface QueueDepth {
  /** Messages that are waiting. */
  readonly visible: number;
  /** Messages that were received and are not deleted yet. */
  readonly inFlight: number;
  /** Messages that become visible later. */
  readonly delayed: number;
}

/** The queue that jobs arrive on, with its dead-letter queue. */
export interface JobQueue {
  /** Receives messages. Resolves to an empty list when the wait ends, or when `signal` fires. */
  receive(options: ReceiveOptions): Promise<readonly QueueMessage[]>;
  /**
   * Makes the lease last `visibilitySeconds` from now.
   *
   * @throws `lease-lost`, `throttled`, `unavailable`
   */
  extend(message: QueueMessage, visibilitySeconds: number): Promise<void>;
  /**
   * Returns the message, to be received again after `delaySeconds`. A lease that has ended is not an error.
   */
  release(message: QueueMessage, delaySeconds: number): Promise<void>;
  /**
   * Sends the message to the dead-letter queue with its reason, then deletes it here; never in the other
   * order.
   */
  quarantine(message: QueueMessage, reason: QuarantineReason): Promise<void>;
  /** Deletes the message. */
  delete(message: QueueMessage): Promise<void>;
  /** Returns how many messages the queue has. */
  depth(options?: CallOptions): Promise<QueueDepth>;
  /**
   * Returns how often the queue delivers a message before it moves it to the dead letters itself, without a
   * reason; undefined if it never does.
   *
   * @throws `access-denied`, `not-found`, `throttled`, `unavailable`
   */
  maxReceives(options?: CallOptions): Promise<number | undefined>;
}

/**
 * Puts messages that were given up into a dead-letter queue: for a program that does not delete the message
 * itself, such as a Lambda.
 */
export interface DeadLetterSender {
  /** Sends the message with its reason, under a new id. May be repeated: then there are two dead letters. */
  send(message: QueueMessage, reason: QuarantineReason): Promise<void>;
}

/** Puts jobs on a queue: for backfills, uploads and redrives. */
export interface JobSender {
  /**
   * Sends every body or throws; on an error some may have been sent, so bodies must be harmless when sent
   * twice.
   */
  send(bodies: readonly string[], options?: CallOptions): Promise<void>;
}

/** A message in the dead-letter queue. */
export interface DeadLetter {
  /** The message itself. */
  readonly message: QueueMessage;
  /** Absent when the queue itself moved the message, after too many receives. */
  readonly reason?: QuarantineReason;
  /** When it was quarantined; absent when the queue itself moved it. */
  readonly quarantinedAt?: Date;
}

/** The dead-letter queue, for people who look at it. */
export interface DeadLetterQueue {
  /** Receives up to `limit` dead letters, and returns them to the queue at once. */
  peek(limit: number, options?: CallOptions): Promise<readonly DeadLetter[]>;
  /** Returns how many dead letters there are. */
  depth(options?: CallOptions): Promise<QueueDepth>;
}
