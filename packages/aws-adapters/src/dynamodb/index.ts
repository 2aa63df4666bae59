export { createDynamoDigestOutbox, type DynamoDigestOutboxOptions } from './digest-outbox.ts';
export { createDynamoIntakeSwitch, type DynamoIntakeSwitchOptions } from './intake-switch.ts';
export type { DynamoResultStoreOptions, WordSpill } from './result-item.ts';
export { createDynamoResultStore } from './result-store.ts';
export { createTableInput } from './table.ts';
