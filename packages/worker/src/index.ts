export { ConfigError, readConfig, type WorkerConfig } from './config.ts';
export type { Counting, CountingSession, CountingTask, CountSummary } from './counting/counting.ts';
export { type CountingPoolOptions, createCountingPool } from './counting/counting-pool.ts';
export { createInlineCounting } from './counting/inline-counting.ts';
export { requireText } from './counting/require-text.ts';
export { type CommitDependencies, type CommittedResult, commitResult } from './jobs/commit-result.ts';
export type { DoJobDependencies, RecordOutcome, Verdict } from './jobs/do-job.ts';
export {
  DEFAULT_FAILURE_POLICY,
  describeFailure,
  type FailureKind,
  type FailurePolicy,
  kindOfFailure,
  pauseSeconds,
} from './jobs/failure-policy.ts';
export { type HandleMessageDependencies, handleMessage } from './jobs/handle-message.ts';
export { type Job, jobIdOf } from './jobs/job.ts';
export { JobError, type JobErrorCode } from './jobs/job-error.ts';
export {
  type CountingPolicy,
  failedResult,
  type ProcessJobDependencies,
  processJob,
} from './jobs/process-job.ts';
export {
  NOTIFY_MODES,
  type NotifyMode,
  notificationFor,
  quarantineNotification,
} from './notifications/notification-policy.ts';
export { type NotifyDependencies, notifyOfQuarantine, notifyOfResult } from './notifications/notify.ts';
export { type DigestDependencies, sendDigest } from './notifications/send-digest.ts';
export { CircuitBreaker, type CircuitBreakerOptions, type OutageAdvice } from './queue/circuit-breaker.ts';
export { createWorker, type StopOptions, type Worker } from './queue/create-worker.ts';
export { keepLease, type Lease, type LeaseOptions, WorkInterrupted } from './queue/lease.ts';
export type { WorkerOptions } from './queue/worker-options.ts';
