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

/** Something that ended. */
export interface Ended {
  readonly at: Date;
  readonly failed: boolean;
  readonly bytes: number;
}

/** Adds up what ended in the last stretches of time. */
export interface Throughput {
  add(ended: Ended): void;
  view(): readonly ThroughputView[];
}

const BUCKETS = 60;
const WINDOWS = [
  { name: '5 minutes', bucketSeconds: 5 },
  { name: 'hour', bucketSeconds: 60 },
  { name: 'day', bucketSeconds: 1440 },
];

/**
 * Starts adding up for the last five minutes, hour and day before `now`, each in sixty stretches that begin
 * at even times.
 */
export function createThroughput(now: Date): Throughput {
  const windows = WINDOWS.map(({ name, bucketSeconds }) => {
    const end = Math.floor(now.getTime() / 1000 / bucketSeconds + 1) * bucketSeconds;
    const zeros = (): number[] => new Array<number>(BUCKETS).fill(0);
    return {
      name,
      bucketSeconds,
      from: end - BUCKETS * bucketSeconds,
      done: zeros(),
      failed: zeros(),
      bytes: zeros(),
    };
  });
  return {
    add({ at, failed, bytes }) {
      for (const window of windows) {
        const index = Math.floor((at.getTime() / 1000 - window.from) / window.bucketSeconds);
        if (index < 0 || index >= BUCKETS) continue;
        increase(failed ? window.failed : window.done, index, 1);
        increase(window.bytes, index, bytes);
      }
    },
    view: () => windows,
  };
}

function increase(numbers: number[], index: number, by: number): void {
  numbers[index] = (numbers[index] ?? 0) + by;
}
