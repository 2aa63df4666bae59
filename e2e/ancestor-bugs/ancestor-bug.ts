/** A bug put into our sources: in `file`, `from` becomes `to`; then `test` must fail. Paths are relative to the repository. */
export interface Reintroduction {
  readonly file: string;
  /** Must occur in the file exactly once. */
  readonly from: string;
  readonly to: string;
  readonly test: { readonly file: string; readonly name: string };
  /** The test runs the program in a process of its own, which must get the bug, too. */
  readonly inChildProcess?: true;
}

/** One bug of the ancestor. */
export interface AncestorBug {
  readonly number: number;
  readonly kind: 'loss' | 'wrong work' | 'duplicates and leases' | 'shutdown' | 'counting' | 'operation';
  /** What the ancestor does. */
  readonly bug: string;
  /** What we do. */
  readonly instead: string;
  readonly reintroductions: readonly Reintroduction[];
}

/** Files that the table names often. */
export const WORKER: string = 'packages/worker/src';
export const ADAPTERS: string = 'packages/aws-adapters';
export const CORE: string = 'packages/core-wordfreq';

export const HANDLE_MESSAGE: string = `${WORKER}/jobs/handle-message.test.ts`;
export const CREATE_WORKER: string = `${WORKER}/queue/create-worker.test.ts`;
export const PARSE: string = `${ADAPTERS}/src/events/parse-announcement.test.ts`;
export const DYNAMODB: string = `${ADAPTERS}/test/dynamodb.test.ts`;
export const CONTRACTS: string = `${ADAPTERS}/test/aws-contracts.test.ts`;
