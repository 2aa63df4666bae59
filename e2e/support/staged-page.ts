import { systemClock as clock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import {
  createMemoryDeadLetterQueue,
  createMemoryIntakeSwitch,
  createMemoryJobQueue,
  createMemoryJobSender,
  createMemoryQueue,
  createMemoryResultStore,
} from '@org/wordfreq-aws-adapters/memory';
import type { IntakeSwitch, JobResult } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import {
  createPage,
  createPurge,
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
  /** Adds a dead letter, as the worker writes it. Default: a reason that may be fixed. */
  bury(key: string, detail?: string, code?: string): void;
  /** Adds jobs that nobody does. */
  queue(count: number): void;
  /** The bodies of messages in the jobs queue. */
  jobs(): readonly string[];
  readonly intake: IntakeSwitch;
  readonly mails: MailPreview[];
  /** What was uploaded through the page. */
  readonly uploads: { readonly name: string; readonly text: string }[];
}

export async function stagePage(options: StageOptions = {}): Promise<Stage> {
  const queue = createMemoryQueue({ clock });
  const deadLetters = createMemoryQueue({ clock });
  // Records are committed when they are finished.
  const commits = { at: clock.now(), now: () => commits.at };
  const results = createMemoryResultStore({ clock: commits });
  const mails: MailPreview[] = [];
  const uploads: { name: string; text: string }[] = [];
  const letters = createMemoryJobQueue({ queue: deadLetters, deadLetters, clock });
  const intake = createMemoryIntakeSwitch();
  let lastMs = 0;
  const changes: Partial<PageSources> = {
    notifications: () => mails,
    upload: async (name, body, { replace }) => {
      const taken = uploads.some((upload) => upload.name === name);
      if (taken && !replace) throw Object.assign(new Error('412'), { code: 'changed', retryable: false });
      uploads.push({ name, text: new TextDecoder().decode(body) });
    },
    intake,
    purge: createPurge({ from: letters, clock }),
    redrive: createRedrive({
      from: letters,
      to: createMemoryJobSender({ queue }),
      clock,
    }),
  };
  const page = createPage(
    {
      results,
      jobs: createMemoryJobQueue({ queue, deadLetters, clock }),
      deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }),
      parse: parseAnnouncement,
      intake: { read: intake.read },
      clock,
      ...(options.readOnly === true ? {} : changes),
      ...options.sources,
    },
    options.page,
  );
  const served = await servePage(page, { port: options.port ?? 0 });
  return {
    ...served,
    intake,
    mails,
    uploads,
    async finish(key, change = {}) {
      const object = { bucket: 'texts', key, eTag: 'e' };
      lastMs = Math.max(lastMs + 1, Date.now());
      const result = sampleResult({ jobId: key, object, finishedAt: new Date(lastMs), ...change });
      commits.at = result.finishedAt;
      await results.save(result);
    },
    bury(key, detail = 'Access to the object was denied.', code = 'access-denied') {
      const facts = { reasonCode: code, reasonDetail: detail, bucket: 'texts', key };
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
