import type { JobCost } from '../ports/index.ts';
import { PRICES } from './list-prices.ts';

/** The parts of a cost, as records name them, in their order there. */
const PARTS = [
  ['s3Reads', 'GET'],
  ['s3Writes', 'PUT'],
  ['queueRequests', 'SQS'],
  ['notifications', 'SNS'],
  ['tableWrites', 'write'],
  ['tableReads', 'read'],
  ['processorMs', 'ms'],
] as const satisfies readonly (readonly [keyof JobCost, string])[];

/** A cost of nothing. */
export const NO_COST: JobCost = {
  s3Reads: 0,
  s3Writes: 0,
  queueRequests: 0,
  notifications: 0,
  tableWrites: 0,
  tableReads: 0,
  processorMs: 0,
};

/** Adds costs; with `times` of -1 it subtracts the second. */
export function addCost(one: JobCost, other: JobCost, times: number = 1): JobCost {
  const sum = { ...one };
  for (const [name] of PARTS) sum[name] = one[name] + times * other[name];
  return sum;
}

/**
 * A cost as text for people and programs, of about thirty bytes: `1 GET, 0.43 SQS, 1 write, 3.1 ms`. Zeros
 * are left out, and amounts are rounded to hundredths.
 */
export function packCost(cost: JobCost): string {
  return PARTS.map(([name, unit]) => [Math.round(cost[name] * 100) / 100, unit] as const)
    .filter(([amount]) => amount !== 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(', ');
}

/** Reads what `packCost` wrote; units of a later release are left out. */
export function unpackCost(packed: string): JobCost {
  const amounts = new Map(
    [...packed.matchAll(/(-?[\d.]+) (\w+)/g)].map(([, amount, unit]) => [unit, Number(amount)]),
  );
  const cost = { ...NO_COST };
  for (const [name, unit] of PARTS) cost[name] = amounts.get(unit) ?? 0;
  return cost;
}

/** Costs of results, added up by day and by prefix. */
export class CostSums {
  readonly #days = new Map<string, JobCost>();
  readonly #prefixes = new Map<string, JobCost>();
  #notCounted = 0;

  /** Adds a result that ended at `finishedAt`, in ISO 8601; its prefix is its key up to the first slash. */
  add({
    key,
    finishedAt,
    cost,
  }: {
    readonly key: string;
    readonly finishedAt: string;
    readonly cost?: JobCost;
  }): void {
    if (cost === undefined) {
      this.#notCounted += 1;
      return;
    }
    for (const [sums, name] of [
      [this.#days, finishedAt.slice(0, 'yyyy-mm-dd'.length)],
      [this.#prefixes, key.slice(0, key.indexOf('/') + 1)],
    ] as const)
      sums.set(name, addCost(sums.get(name) ?? NO_COST, cost));
  }

  /** The sums of days in UTC, the oldest first; of prefixes in their order; and the number of results without a cost. */
  get sums(): {
    readonly days: readonly (readonly [day: string, cost: JobCost])[];
    readonly prefixes: readonly (readonly [prefix: string, cost: JobCost])[];
    readonly notCounted: number;
  } {
    const sorted = (sums: ReadonlyMap<string, JobCost>): (readonly [string, JobCost])[] =>
      [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
    return { days: sorted(this.#days), prefixes: sorted(this.#prefixes), notCounted: this.#notCounted };
  }
}

/** A write of a typical record: itself, and its entry in the index. */
const UNITS_PER_WRITE = 2;
/** A task has two gigabytes of memory for each processor. */
const GB_PER_PROCESSOR = 2;
const HOUR_MS = 3_600_000;

/**
 * Estimates in US dollars what a cost comes to, by the list prices of `PRICES_OF`. A write counts as two units, and
 * processor time as that of a busy Fargate task; storage, logs, the copy of an upload and idle tasks are not in it.
 */
export function costUsd(cost: JobCost): number {
  const processorHour =
    PRICES['Fargate ARM64, vCPU-hour'] + GB_PER_PROCESSOR * PRICES['Fargate ARM64, GB-hour'];
  return (
    (cost.s3Reads * PRICES['S3 GET or HEAD, 1,000']) / 1e3 +
    (cost.s3Writes * PRICES['S3 PUT or COPY, 1,000']) / 1e3 +
    (cost.queueRequests * PRICES['SQS request, million']) / 1e6 +
    (cost.notifications * PRICES['SNS publish, million']) / 1e6 +
    (cost.tableWrites * UNITS_PER_WRITE * PRICES['DynamoDB write unit (1 kB), million']) / 1e6 +
    (cost.tableReads * PRICES['DynamoDB read unit (4 kB), million']) / 1e6 +
    (cost.processorMs / HOUR_MS) * processorHour
  );
}
