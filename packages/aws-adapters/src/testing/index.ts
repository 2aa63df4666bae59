export { type ClockFixture, clockContract } from './clock-contract.ts';
export { type DigestOutboxFixture, digestOutboxContract } from './digest-outbox-contract.ts';
export { type IntakeSwitchFixture, intakeSwitchContract } from './intake-switch-contract.ts';
export { type JobQueueFixture, jobQueueContract } from './job-queue-contract.ts';
export {
  type NotifierFixture,
  notifierContract,
  type ResultPublisherFixture,
  resultPublisherContract,
  sampleNotification,
} from './messenger-contracts.ts';
export { objectStoreContract } from './object-store-contract.ts';
export type { ObjectStoreAbilities, ObjectStoreFixture } from './object-store-fixture.ts';
export { type ResultIndexFixture, resultIndexContract } from './result-index-contract.ts';
export { type ResultStoreFixture, resultStoreContract } from './result-store-contract.ts';
export { HOSTILE_KEYS, HOSTILE_WORDS, readAll, sampleResult } from './samples.ts';
export type { Disposable, Setup, TestApi } from './test-api.ts';
