export type { CallHooks, MemoryCall } from './call-hooks.ts';
export { createMemoryDeadLetterQueue, createMemoryDeadLetterSender } from './dead-letters.ts';
export { createMemoryDigestOutbox } from './digest-outbox.ts';
export { createMemoryIntakeSwitch } from './intake-switch.ts';
export { createMemoryJobQueue, createMemoryJobSender, type MemoryJobQueueOptions } from './job-queue.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { createMemoryNotifier, type MemoryNotifier } from './notifier.ts';
export {
  createMemoryObjectStore,
  type MemoryObjectChange,
  type MemoryObjectStore,
  type MemoryObjectStoreOptions,
} from './object-store.ts';
export {
  createMemoryQueue,
  type MemoryQueue,
  type MemoryQueueOptions,
  type MemorySendOptions,
} from './queue.ts';
export { createMemoryResultPublisher, type MemoryResultPublisher } from './result-publisher.ts';
export { createMemoryResultStore, type MemoryResultStoreOptions } from './result-store.ts';
