export { createTableInput } from './create-table-input.ts';
export { createDynamoResultStore, type DynamoResultStoreOptions } from './dynamo-result-store.ts';
export type { WordSpill } from './word-spill.ts';
