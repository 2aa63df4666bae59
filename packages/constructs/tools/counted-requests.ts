/**
 * What one small text takes, as tests count it at the wire: they compare with these numbers, and docs/costs.md is
 * computed from them.
 */
export const COUNTED = {
  /** Of the first upload of a key, in both forms of the copy Lambda: `inline-lambdas.test.ts`. */
  copy: { heads: 1, copies: 1 },
  /** In steady state: the worker's `requests-per-job.test.ts` and `requests-per-job.long.test.ts`. */
  job: {
    gets: 1,
    records: 1,
    /** The most that receiving, publishing and deleting take together, because texts share requests. */
    queueRequests: 0.4,
  },
  /** Write units of a record of 50 kB of English: `write-units.test.ts` of the adapters. */
  writeUnits: { record: 1, index: 1 },
} as const;
