import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createPage, type ServedPage, servePage } from '@org/wordfreq-worker/page';
import type { LocalPipeline } from './start-local-pipeline.ts';

/** Serves the worker's page over an embedded pipeline, with uploads and the mails that would be sent. */
export function servePipelinePage(pipeline: LocalPipeline, port: number): Promise<ServedPage> {
  const page = createPage({
    results: pipeline.results,
    jobs: pipeline.jobs,
    deadLetters: pipeline.deadLetters,
    notifications: () => pipeline.mailbox.mails,
    upload: async (name, body) => {
      await pipeline.upload(name, body);
    },
    clock: systemClock,
  });
  return servePage(page, { port });
}
