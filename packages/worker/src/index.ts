/**
 * The package's API: `createWorker` for any work over a queue, `composeWorker` for counting over other ports,
 * and the names that configuration, logs and metrics use. The page is `./page`, the program is `./main`.
 */
export {
  type ComposedWorker,
  type CompositionOptions,
  composeWorker,
  type RunningWorker,
  type WorkerPorts,
} from './compose.ts';
export { ConfigError, readConfig, type WorkerConfig } from './config.ts';
export type { Job } from './jobs/job.ts';
export type { JobErrorCode } from './jobs/job-error.ts';
export type { RecordOutcome } from './jobs/record-outcome.ts';
export type { NotifyMode } from './notifications/notification-policy.ts';
export type { HealthSources } from './observation/health.ts';
export type { MetricsDocument } from './observation/metrics.ts';
export type { WorkerLogger } from './observation/observe-outcomes.ts';
export { createWorker, type StopOptions, type Worker } from './queue/create-worker.ts';
export type { WorkerOptions } from './queue/worker-options.ts';
