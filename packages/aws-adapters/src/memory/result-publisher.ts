import type { JobResult, ResultPublisher } from '../ports/index.ts';
import { recordOf } from '../rules/job-record.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';

/** A publisher that remembers what it was given, repetitions too. */
export interface MemoryResultPublisher extends ResultPublisher {
  /** All results so far, oldest first. */
  readonly published: readonly JobResult[];
}

/** Creates a results queue that is a list. */
export function createMemoryResultPublisher(options: { hooks?: CallHooks } = {}): MemoryResultPublisher {
  const published: JobResult[] = [];
  return {
    published,
    publish: (result) =>
      withHooks(
        options.hooks,
        'result-publisher.publish',
        result.jobId,
        () => void published.push(recordOf(result)),
      ),
  };
}
