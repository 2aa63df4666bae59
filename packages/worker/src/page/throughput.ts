import type { PaceStretch } from '@org/wordfreq-aws-adapters/ports';

/** What was done in each of many equal stretches of time, up to now. */
export interface ThroughputView {
  /** For people: `5 minutes`. */
  readonly name: string;
  /** The length of a stretch in seconds. */
  readonly bucketSeconds: number;
  /** When the first stretch begins, in seconds since 1970. */
  readonly from: number;
  /** Files that ended well, one number for each stretch, oldest first. */
  readonly done: readonly number[];
  /** Files that failed, one number for each stretch. */
  readonly failed: readonly number[];
  /** Bytes of the files that ended, one number for each stretch. */
  readonly bytes: readonly number[];
}

const BUCKETS = 60;
/** How many stretches of each window are kept: a few more than are shown, because clocks differ. */
export const KEPT_STRETCHES: number = BUCKETS + 12;

/** The windows that are shown. */
export const WINDOWS: readonly Pick<ThroughputView, 'name' | 'bucketSeconds'>[] = [
  { name: '5 minutes', bucketSeconds: 5 },
  { name: 'hour', bucketSeconds: 60 },
  { name: 'day', bucketSeconds: 1440 },
];

/**
 * What was done in the last five minutes, hour and day before `now`, each in sixty stretches that begin at
 * even times.
 */
export function throughputOf(pace: readonly PaceStretch[], now: Date): readonly ThroughputView[] {
  return WINDOWS.map(({ name, bucketSeconds }) => {
    const end = Math.floor(now.getTime() / 1000 / bucketSeconds + 1) * bucketSeconds;
    const from = end - BUCKETS * bucketSeconds;
    const zeros = (): number[] => new Array<number>(BUCKETS).fill(0);
    const [done, failed, bytes] = [zeros(), zeros(), zeros()];
    for (const [seconds, start, ...counts] of pace) {
      const index = (start - from) / bucketSeconds;
      if (seconds !== bucketSeconds || index < 0 || index >= BUCKETS) continue;
      [done, failed, bytes].forEach((numbers, row) => {
        numbers[index] = (numbers[index] ?? 0) + (counts[row] ?? 0);
      });
    }
    return { name, bucketSeconds, from, done, failed, bytes };
  });
}
