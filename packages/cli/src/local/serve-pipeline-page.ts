import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createSqsJobQueue, createSqsJobSender } from '@org/wordfreq-aws-adapters/sqs';
import { createPage, createRedrive, type ServedPage, servePage } from '@org/wordfreq-worker/page';
import type { LocalPipeline } from './start-local-pipeline.ts';

/** Serves the worker's page over an embedded pipeline, with uploads, redrive and the mails that would be sent. */
export function servePipelinePage(pipeline: LocalPipeline, port: number): Promise<ServedPage> {
  const { clients, resources } = pipeline;
  const { deadLettersQueueUrl, jobsQueueUrl } = resources;
  const page = createPage({
    results: pipeline.results,
    jobs: pipeline.jobs,
    deadLetters: pipeline.deadLetters,
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
  return servePage(page, { port });
}
