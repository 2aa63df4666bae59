import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { DeadLetterQueue } from '@org/wordfreq-aws-adapters/ports';
import { createSqsJobQueue, createSqsJobSender } from '@org/wordfreq-aws-adapters/sqs';
import { createPage, createRedrive, type ServedPage, servePage } from '@org/wordfreq-worker/page';
import type { LocalPipeline } from './start-local-pipeline.ts';

/** Serves the worker's page over an embedded pipeline, with uploads, redrive and the mails that would be sent. */
export async function servePipelinePage(pipeline: LocalPipeline, port: number): Promise<ServedPage> {
  const { clients, resources } = pipeline;
  const { deadLettersQueueUrl, jobsQueueUrl } = resources;
  const deadLetters = rememberPeek(pipeline.deadLetters);
  const page = createPage({
    results: pipeline.results,
    jobs: pipeline.jobs,
    deadLetters,
    notifications: () => pipeline.mailbox.mails,
    upload: async (name, body) => {
      await pipeline.upload(name, body);
    },
    redrive: createRedrive({
      from: createSqsJobQueue({
        client: clients.sqs,
        queueUrl: deadLettersQueueUrl,
        deadLetterQueueUrl: deadLettersQueueUrl,
        clock: systemClock,
      }),
      to: createSqsJobSender({ client: clients.sqs, queueUrl: jobsQueueUrl, clock: systemClock }),
    }),
    clock: systemClock,
  });
  const served = await servePage(page, { port });
  return {
    url: served.url,
    async close() {
      await served.close();
      await deadLetters.peeked();
    },
  };
}

/** A look that is cut off would leave the dead letters hidden for half a minute, also from the next start. */
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
