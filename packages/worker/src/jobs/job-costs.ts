import { AsyncLocalStorage } from 'node:async_hooks';
import type { JobCost } from '@org/wordfreq-aws-adapters/ports';
import { addCost, NO_COST } from '@org/wordfreq-aws-adapters/rules';

/** Measures what jobs cost, for their records. */
export interface JobCosts {
  /** Runs a job; requests that are made in its course count for it. */
  during<T>(job: { readonly sizeBytes?: number }, run: () => Promise<T>): Promise<T>;
  /** What the current job has cost, with the write of its record, which is to follow. */
  take(): JobCost | undefined;
  /** The record was not written: its cost counts for the records that are written next. */
  giveBack(): void;
}

/** Takes notice of requests when they are made. */
export interface RequestCounter {
  /** Counts a request of the job in whose course it is made; requests outside of jobs do not count. */
  own(kind: RequestKind): void;
  /** Counts a request that several jobs share. */
  shared(kind: RequestKind): void;
}

/** What is counted one by one. */
export type RequestKind = Exclude<keyof JobCost, 'processorMs'>;

/** A job in progress. */
interface Account {
  readonly weight: number;
  cost: JobCost;
  /** What its record says, once that is decided. */
  taken?: JobCost;
}

/** This many bytes cost about as much processor time as everything else about a job. */
const FIXED_BYTES = 64 * 1024;

/**
 * Keeps a worker's account of costs. What no single job causes goes into a common pool: requests in
 * batches, processor time, and what happens after a record was written, such as sending its message and deleting
 * its job. Each record takes an equal share of the pool's requests among the jobs in progress, and a share of
 * its processor time by the size of its text. So a record alone is an estimate, but all records of a worker
 * add up to what it did, except for what followed the last one.
 *
 * @param processorMs the processor time of the process so far
 */
export function createJobCosts(processorMs: () => number): JobCosts & RequestCounter {
  const current = new AsyncLocalStorage<Account>();
  const underWay = new Set<Account>();
  let pool = NO_COST;
  let measuredMs = processorMs();

  /** Moves the processor time since the last call into the pool. */
  function measure(): void {
    const nowMs = processorMs();
    pool = { ...pool, processorMs: pool.processorMs + nowMs - measuredMs };
    measuredMs = nowMs;
  }

  function shareOf(account: Account): JobCost {
    const weights = [...underWay].reduce((sum, { weight }) => sum + weight, 0);
    const share = { ...pool };
    for (const name of Object.keys(share) as (keyof JobCost)[])
      share[name] *= name === 'processorMs' ? account.weight / weights : 1 / underWay.size;
    return share;
  }

  return {
    async during({ sizeBytes = 0 }, run) {
      // The time before belongs to no job: the start, and waiting.
      if (underWay.size === 0) measuredMs = processorMs();
      const account: Account = { weight: FIXED_BYTES + sizeBytes, cost: NO_COST };
      underWay.add(account);
      try {
        return await current.run(account, run);
      } finally {
        measure();
        underWay.delete(account);
        const rest = account.taken === undefined ? account.cost : addCost(account.cost, account.taken, -1);
        pool = addCost(pool, rest);
      }
    },
    take() {
      const account = current.getStore();
      if (account === undefined) return undefined;
      if (account.taken !== undefined) return account.taken;
      measure();
      underWay.add(account);
      const share = shareOf(account);
      pool = addCost(pool, share, -1);
      underWay.delete(account);
      account.cost = addCost(account.cost, share);
      account.taken = { ...account.cost, tableWrites: account.cost.tableWrites + 1 };
      return account.taken;
    },
    giveBack() {
      const account = current.getStore();
      if (account !== undefined) delete account.taken;
    },
    own(kind) {
      const account = current.getStore();
      if (account !== undefined) account.cost = { ...account.cost, [kind]: account.cost[kind] + 1 };
    },
    shared(kind) {
      pool = { ...pool, [kind]: pool[kind] + 1 };
    },
  };
}
