export { CircuitBreaker, type CircuitBreakerOptions, type OutageAdvice } from './circuit-breaker.ts';
export { type CommitDependencies, type CommittedResult, commitResult } from './commit-result.ts';
export { ConfigError, readConfig, type WorkerConfig } from './config.ts';
export type { Counting, CountingSession, CountingTask, CountSummary } from './counting/counting.ts';
export { type CountingPoolOptions, createCountingPool } from './counting/counting-pool.ts';
export { createInlineCounting } from './counting/inline-counting.ts';
export { createWorker, type StopOptions, type Worker } from './create-worker.ts';
export type { DoJobDependencies, RecordOutcome, Verdict } from './do-job.ts';
export {
  DEFAULT_FAILURE_POLICY,
  describeFailure,
  type FailureKind,
  type FailurePolicy,
  kindOfFailure,
  pauseSeconds,
} from './failure-policy.ts';
export { type HandleMessageDependencies, handleMessage } from './handle-message.ts';
export { type Job, jobIdOf } from './job.ts';
export { JobError, type JobErrorCode } from './job-error.ts';
export { keepLease, type Lease, type LeaseOptions, WorkInterrupted } from './lease.ts';
export {
  NOTIFY_MODES,
  type NotifyMode,
  notificationFor,
  quarantineNotification,
} from './notification-policy.ts';
export {
  type CountingPolicy,
  failedResult,
  type ProcessJobDependencies,
  processJob,
} from './process-job.ts';
export { requireText } from './require-text.ts';
export { type DigestDependencies, sendDigest } from './send-digest.ts';
export { type PeopleDependencies, tellOfQuarantine, tellOfResult } from './tell-people.ts';
export type { WorkerOptions } from './worker-options.ts';
