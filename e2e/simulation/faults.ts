/**
 * What goes wrong, by the names of the fault catalogue in README.md; the simulation counts how often each
 * did.
 */
export type Fault =
  | 'call-fails'
  | 'response-lost'
  | 'call-stalls'
  | 'body-cut'
  | 'body-stalls'
  | 'changed-while-read'
  | 'access-denied'
  | 'event-twice'
  | 'event-late'
  | 'event-wrapped'
  | 'event-of-many-records'
  | 'event-without-sequencer'
  | 'junk'
  | 'forged-bucket'
  | 'overwritten'
  | 'uploaded-again'
  | 'deleted'
  | 'worker-killed'
  | 'worker-stopped'
  | 'lambda-killed'
  | 'batch-partly-failed'
  | 'upload-given-up'
  | 'clock-skewed'
  | 'dead-letter-redriven';

/** Every fault. */
export const FAULTS: readonly Fault[] = [
  'call-fails',
  'response-lost',
  'call-stalls',
  'body-cut',
  'body-stalls',
  'changed-while-read',
  'access-denied',
  'event-twice',
  'event-late',
  'event-wrapped',
  'event-of-many-records',
  'event-without-sequencer',
  'junk',
  'forged-bucket',
  'overwritten',
  'uploaded-again',
  'deleted',
  'worker-killed',
  'worker-stopped',
  'lambda-killed',
  'batch-partly-failed',
  'upload-given-up',
  'clock-skewed',
  'dead-letter-redriven',
];

/** The dice, and an account of what they brought. */
export class Chance {
  readonly random: () => number;
  readonly #counts: Map<Fault, number>;

  constructor(random: () => number, counts: Map<Fault, number>) {
    this.random = random;
    this.#counts = counts;
  }

  /** Decides whether the fault happens, and counts it. */
  strikes(fault: Fault, share: number): boolean {
    if (this.random() >= share) return false;
    this.count(fault);
    return true;
  }

  count(fault: Fault): void {
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1);
  }

  upTo(limit: number): number {
    return this.random() * limit;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }
}
