import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { JobQueue, JobSender } from '@org/wordfreq-aws-adapters/ports';
import { objectOfBody } from './dead-letters.ts';

/** Where dead letters go back to. */
export interface RedriveTargets {
  readonly jobs: JobSender;
  /** Asked for only when there is one to send. */
  readonly uploads: () => JobSender;
  /** Messages about this bucket are of uploads; the others are jobs. */
  readonly uploadingBucket: string | undefined;
}

/**
 * Makes a sender that sends each message to where it came from: one about the uploading bucket to the copy Lambda, any other to the workers.
 * Two queues may share a dead-letter queue, and a job that names an upload would fail.
 */
export function sendHome({ jobs, uploads, uploadingBucket }: RedriveTargets): JobSender {
  const isUpload = (body: string): boolean =>
    uploadingBucket !== undefined && objectOfBody(body)?.bucket === uploadingBucket;
  return {
    async send(bodies, call) {
      const home = bodies.filter(isUpload);
      const work = bodies.filter((body) => !isUpload(body));
      if (home.length > 0) await uploads().send(home, call);
      if (work.length > 0) await jobs.send(work, call);
    },
  };
}

/** What to take out of a dead-letter queue. */
export interface TakeOptions {
  readonly from: Pick<JobQueue, 'receive' | 'release' | 'delete'>;
  /** Ids of messages, as they were listed. */
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Sends chosen dead letters back to be done again, each once, and returns how many. Others are left where they are. Ends early when the signal
 * fires.
 */
export async function redriveDeadLetters({ from, ids, signal }: TakeOptions, to: JobSender): Promise<number> {
  if (ids.length === 0) return 0;
  const { createRedrive } = await import('@org/wordfreq-worker/page');
  return createRedrive({ from, to, clock: systemClock })(ids, { signal });
}

/** Deletes chosen dead letters for good, and returns how many. It is a redrive to nowhere. */
export function purgeDeadLetters(options: TakeOptions): Promise<number> {
  return redriveDeadLetters(options, { send: async () => undefined });
}
