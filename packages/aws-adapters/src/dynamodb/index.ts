export { createTableInput } from './create-table-input.ts';
export { createDynamoDigestOutbox, type DynamoDigestOutboxOptions } from './digest-outbox.ts';
export type { DynamoResultStoreOptions, WordSpill } from './dynamo-options.ts';
export { createDynamoResultStore } from './result-store.ts';
