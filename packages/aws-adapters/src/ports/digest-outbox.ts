import type { CallOptions, ObjectLocation } from './object-store.ts';

/** One thing that came to an end, as a digest tells of it. */
export interface DigestEntry {
  /** The same for every repetition of the same end. */
  readonly id: string;
  /** Such as `counted`, `failed:not-text` or `quarantined:not-json`. */
  readonly outcome: string;
  /** When it ended. */
  readonly at: Date;
  /** Absent for a message that nobody understands. */
  readonly object?: ObjectLocation;
  /** Why it failed, in one sentence. */
  readonly detail?: string;
}

/** Who wants to send the next digest. */
export interface DigestClaim {
  /** When the claim is made. */
  readonly at: Date;
  /** Refused when somebody has claimed a digest after this. */
  readonly notSince: Date;
}

/** Collects entries for the next digest mail, whichever worker sends it. */
export interface DigestOutbox {
  /** Puts an entry in. Safe to repeat: as long as it is in, it is in once. */
  add(entry: DigestEntry, options?: CallOptions): Promise<void>;
  /** Returns whether the caller may send the next digest: of all that ask at the same time, one may. */
  claim(claim: DigestClaim, options?: CallOptions): Promise<boolean>;
  /** At most `limit` entries, in no particular order. */
  list(limit: number, options?: CallOptions): Promise<readonly DigestEntry[]>;
  /** Removes entries after the digest was sent. Safe to repeat. */
  remove(ids: readonly string[], options?: CallOptions): Promise<void>;
}
