import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import { createEmbeddedClients } from '@org/wordfreq-aws-adapters/local';
import type { DeadLetterQueue, JobQueue, JobSender, QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { createSqsJobQueue, createSqsJobSender } from '@org/wordfreq-aws-adapters/sqs';
import {
  createPage,
  createPurge,
  createRedrive,
  type ServedPage,
  servePage,
} from '@org/wordfreq-worker/page';
import { sendHome } from '../pipeline/dead-letters/dead-letters.ts';
import type { LocalPipeline } from './start-local-pipeline.ts';

/**
 * Serves the worker's page over an embedded pipeline, with uploads, what to do with dead letters, a pause,
 * and the mails that would be sent.
 */
export async function servePipelinePage(pipeline: LocalPipeline, port: number): Promise<ServedPage> {
  const { resources } = pipeline;
  const clients = createEmbeddedClients(pipeline);
  const queueOf = (queueUrl: string): JobQueue => {
    const deadLetterQueueUrl = resources.deadLettersQueueUrl;
    return createSqsJobQueue({ client: clients.sqs, queueUrl, deadLetterQueueUrl, clock: systemClock });
  };
  const { copying } = resources;
  // A file waits twice where it is copied: to be copied, and to be counted.
  const queues = [...(copying === undefined ? [] : [queueOf(copying.uploadsQueueUrl)]), pipeline.jobs];
  const letters = queueOf(resources.deadLettersQueueUrl);
  const deadLetters = rememberPeek(pipeline.deadLetters);
  const sender = (queueUrl: string): JobSender =>
    createSqsJobSender({ client: clients.sqs, queueUrl, clock: systemClock });
  const page = createPage({
    results: pipeline.results,
    jobs: { depth: async () => (await Promise.all(queues.map((queue) => queue.depth()))).reduce(sum) },
    deadLetters,
    notifications: () => pipeline.mailbox.mails,
    parse: parseAnnouncement,
    upload: async (name, body, { replace }) => {
      await pipeline.upload(name, body, { onlyIfAbsent: !replace });
    },
    intake: pipeline.intake,
    onActivity: pipeline.onActivity,
    purge: createPurge({ from: letters, clock: systemClock }),
    redrive: createRedrive({
      from: letters,
      // Jobs and uploads share their dead letters here.
      to: sendHome({
        jobs: sender(resources.jobsQueueUrl),
        uploads: () => sender(copying?.uploadsQueueUrl ?? resources.jobsQueueUrl),
        uploadingBucket: copying === undefined ? undefined : resources.uploadingBucket,
      }),
      clock: systemClock,
    }),
    clock: systemClock,
  });
  const served = await servePage(page, { port });
  return {
    url: served.url,
    async close() {
      await served.close();
      await deadLetters.peeked();
      clients.destroy();
    },
  };
}

function sum(a: QueueDepth, b: QueueDepth): QueueDepth {
  return {
    visible: a.visible + b.visible,
    inFlight: a.inFlight + b.inFlight,
    delayed: a.delayed + b.delayed,
  };
}

/**
 * Remembers the last peek: cut short, it would hide the dead letters for half a minute, even after a restart.
 */
function rememberPeek(queue: DeadLetterQueue): DeadLetterQueue & { peeked(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    depth: queue.depth,
    peek(limit, call) {
      const letters = queue.peek(limit, call);
      last = letters;
      return letters;
    },
    peeked: () =>
      last.then(
        () => undefined,
        () => undefined,
      ),
  };
}
