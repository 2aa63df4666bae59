export type { CallHooks, MemoryCall } from './call-hooks.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { createMemoryDigestOutbox } from './memory-digest-outbox.ts';
export {
  createMemoryDeadLetterQueue,
  createMemoryDeadLetterSender,
  createMemoryJobQueue,
  createMemoryJobSender,
  type MemoryJobQueueOptions,
} from './memory-job-queue.ts';
export {
  createMemoryObjectStore,
  type MemoryObjectChange,
  type MemoryObjectStore,
  type MemoryObjectStoreOptions,
} from './memory-object-store.ts';
export {
  createMemoryNotifier,
  createMemoryResultPublisher,
  type MemoryNotifier,
  type MemoryResultPublisher,
} from './memory-outbox.ts';
export {
  createMemoryQueue,
  type MemoryQueue,
  type MemoryQueueOptions,
  type MemorySendOptions,
} from './memory-queue.ts';
export { createMemoryResultStore } from './memory-result-store.ts';
