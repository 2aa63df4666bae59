import type { CallOptions, ObjectLocation } from './object-store.ts';

/** One outcome that a digest reports. */
export interface DigestEntry {
  /** The same for every repetition of the same outcome. */
  readonly id: string;
  /** Such as `counted`, `failed:not-text` or `quarantined:not-json`. */
  readonly outcome: string;
  /** When it ended. */
  readonly at: Date;
  /** Absent for a message that cannot be understood. */
  readonly object?: ObjectLocation;
  /** Why it failed, in one sentence. */
  readonly detail?: string;
}

/** A request to send the next digest. */
export interface DigestClaim {
  /** When the claim is made. */
  readonly at: Date;
  /** The claim is refused if another one was granted after this time. */
  readonly notSince: Date;
}

/** Collects entries for the next digest mail, whichever worker sends it. */
export interface DigestOutbox {
  /** Adds an entry. Safe to repeat: until it is removed, the outbox has it once. */
  add(entry: DigestEntry, options?: CallOptions): Promise<void>;
  /** Returns whether the caller may send the next digest: of several concurrent claims, one is granted. */
  claim(claim: DigestClaim, options?: CallOptions): Promise<boolean>;
  /** Returns at most `limit` entries, in no particular order. */
  list(limit: number, options?: CallOptions): Promise<readonly DigestEntry[]>;
  /** Removes entries after the digest was sent. Safe to repeat. */
  remove(ids: readonly string[], options?: CallOptions): Promise<void>;
}
