export { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.ts';
export { type CommitDependencies, type CommittedResult, commitResult } from './commit-result.ts';
export { ConfigError, readConfig, type WorkerConfig } from './config.ts';
export { createWorker, type Worker, type WorkerOptions } from './create-worker.ts';
export {
  DEFAULT_FAILURE_POLICY,
  describeFailure,
  type FailureKind,
  type FailurePolicy,
  kindOfFailure,
  pauseSeconds,
} from './failure-policy.ts';
export { type HandleMessageDependencies, handleMessage, type RecordOutcome } from './handle-message.ts';
export { type Job, jobIdOf } from './job.ts';
export { JobError, type JobErrorCode } from './job-error.ts';
export { keepLease, type Lease, type LeaseOptions } from './lease.ts';
export { NOTIFY_MODES, type NotifyMode, notificationFor } from './notification-policy.ts';
export {
  type CountingPolicy,
  failedResult,
  type ProcessJobDependencies,
  processJob,
} from './process-job.ts';
export { requireText } from './require-text.ts';
