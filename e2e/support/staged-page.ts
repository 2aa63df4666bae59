import { systemClock as clock } from '@org/wordfreq-aws-adapters/clock';
import {
  createMemoryDeadLetterQueue,
  createMemoryJobQueue,
  createMemoryJobSender,
  createMemoryQueue,
  createMemoryResultStore,
} from '@org/wordfreq-aws-adapters/memory';
import type { JobResult } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import {
  createPage,
  createRedrive,
  type MailPreview,
  type PageOptions,
  type PageSources,
  type ServedPage,
  servePage,
} from '@org/wordfreq-worker/page';

/** What a test changes in a staged pipeline. */
export interface StageOptions {
  readonly port?: number;
  readonly sources?: Partial<PageSources>;
  readonly page?: PageOptions;
  /** As a deployed worker has it: nothing can be changed, and nobody sees mails. */
  readonly readOnly?: boolean;
}

/** A page over adapters in memory, whose contents a test decides. */
export interface Stage extends ServedPage {
  /** Adds a file's result, finished now and after all others. */
  finish(key: string, change?: Partial<JobResult>): Promise<void>;
  /** Adds a dead letter, as the worker writes it. */
  bury(key: string, detail?: string): void;
  /** Adds jobs that nobody does. */
  queue(count: number): void;
  /** The bodies of messages in the jobs queue. */
  jobs(): readonly string[];
  readonly mails: MailPreview[];
  /** What was uploaded through the page. */
  readonly uploads: { readonly name: string; readonly text: string }[];
}

export async function stagePage(options: StageOptions = {}): Promise<Stage> {
  const queue = createMemoryQueue({ clock });
  const deadLetters = createMemoryQueue({ clock });
  const results = createMemoryResultStore();
  const mails: MailPreview[] = [];
  const uploads: { name: string; text: string }[] = [];
  let lastMs = 0;
  const changes: Partial<PageSources> = {
    notifications: () => mails,
    upload: async (name, body) => {
      uploads.push({ name, text: new TextDecoder().decode(body) });
    },
    redrive: createRedrive({
      from: createMemoryJobQueue({ queue: deadLetters, deadLetters, clock }),
      to: createMemoryJobSender({ queue }),
      clock,
    }),
  };
  const page = createPage(
    {
      results,
      jobs: createMemoryJobQueue({ queue, deadLetters, clock }),
      deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }),
      clock,
      ...(options.readOnly === true ? {} : changes),
      ...options.sources,
    },
    options.page,
  );
  const served = await servePage(page, { port: options.port ?? 0 });
  return {
    ...served,
    mails,
    uploads,
    async finish(key, change = {}) {
      const object = { bucket: 'texts', key, eTag: 'e' };
      lastMs = Math.max(lastMs + 1, Date.now());
      await results.save(sampleResult({ jobId: key, object, finishedAt: new Date(lastMs), ...change }));
    },
    bury(key, detail = 'Expected UTF-8 or UTF-16 text.') {
      const facts = { reasonCode: 'not-text', reasonDetail: detail, bucket: 'texts', key };
      deadLetters.send(`job of ${key}`, { attributes: new Map(Object.entries(facts)) });
    },
    queue(count) {
      for (let index = 0; index < count; index += 1) queue.send(`waiting ${index}`);
    },
    jobs: () => queue.messages().map(({ body }) => body),
  };
}

/** A file that could not be counted. */
export const NOT_TEXT: Partial<JobResult> = {
  outcome: 'failed:not-text',
  error: { code: 'not-text', message: 'Expected UTF-8 or UTF-16 text.' },
  words: [],
};
