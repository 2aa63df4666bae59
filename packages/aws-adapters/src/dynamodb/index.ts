export { createTableInput } from './create-table-input.ts';
export { createDynamoDigestOutbox, type DynamoDigestOutboxOptions } from './dynamo-digest-outbox.ts';
export type { DynamoResultStoreOptions, WordSpill } from './dynamo-options.ts';
export { createDynamoResultStore } from './dynamo-result-store.ts';
