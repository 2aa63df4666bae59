import {
  ADAPTERS,
  type AncestorBug,
  CONTRACTS,
  CREATE_WORKER,
  HANDLE_MESSAGE,
  WORKER,
} from './ancestor-bug.ts';

export const LEASES: readonly AncestorBug[] = [
  {
    number: 11,
    kind: 'duplicates and leases',
    bug: 'Keeps messages in a buffer, where nobody extends their visibility.',
    instead:
      'Borrows ahead only what is done within a second; the lease is kept from the receipt on, also while a message waits.',
    reintroductions: [
      {
        file: `${WORKER}/queue/create-worker.ts`,
        from: 'for (const message of await queue.receive(asked)) inHand.takeOn(message);',
        to:
          'for (const message of await queue.receive({ ...asked, maxMessages: MAX_BATCH })) {\n' +
          '      inHand.takeOn(message);\n      await inHand.oneEnded();\n    }',
        test: { file: CREATE_WORKER, name: 'borrows no message that would have to wait for its turn' },
      },
      {
        file: `${WORKER}/queue/message-buffer.ts`,
        from: 'const lease = keepLease(message, { queue, clock, visibilitySeconds });',
        to:
          'const lease = keepLease(message, { queue, clock, visibilitySeconds });\n' +
          '    if (this.#free <= 0) lease.end();',
        test: {
          file: `${WORKER}/queue/prefetch.test.ts`,
          name: 'keeps the leases of messages that wait for their turn',
        },
      },
    ],
  },
  {
    number: 12,
    kind: 'duplicates and leases',
    bug: 'Extends visibility once per word: never while S3 stalls, never while a result waits to be recorded.',
    instead: 'Extends by the clock, whatever the work is waiting for; counting has threads of its own.',
    reintroductions: [
      {
        file: `${WORKER}/queue/lease.ts`,
        from: 'else if (!extending && clock.monotonicMs() >= extendAt) void extend();',
        to: 'else if (extending) void extend();',
        test: { file: CREATE_WORKER, name: 'keeps a message invisible to others as long as its work takes' },
      },
    ],
  },
  {
    number: 13,
    kind: 'duplicates and leases',
    bug: 'Fails a job when one call that extends its visibility fails.',
    instead: 'Tries again soon, and gives up only just before the lease ends.',
    reintroductions: [
      {
        file: `${WORKER}/queue/lease.ts`,
        from: "if ((error as Partial<CodedError>).code === 'lease-lost') lose(",
        to: 'lose(',
        test: {
          file: `${WORKER}/queue/lease.test.ts`,
          name: 'tries a failed extension again soon, and goes on when one succeeds',
        },
      },
    ],
  },
  {
    number: 14,
    kind: 'duplicates and leases',
    bug: 'Sends a notice of failure for each attempt.',
    instead: 'Tells people once, when a job has failed for good.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/do-job.ts`,
        from: 'if (tries < failurePolicy.maxFailures) return retry;',
        to:
          "await dependencies.notifier.notify({ kind: 'job-failed', id: jobId, subject: '', text: '', facts: new Map() });\n" +
          '      if (tries < failurePolicy.maxFailures) return retry;',
        test: {
          file: HANDLE_MESSAGE,
          name: 'tries what may pass again with growing pauses, and gives up after three failures',
        },
      },
    ],
  },
  {
    number: 15,
    kind: 'duplicates and leases',
    bug: 'Does not notice that a job was done before, and overwrites what another worker recorded.',
    instead: 'Writes a record once, by a conditional put; whoever comes later finds it and says "duplicate".',
    reintroductions: [
      {
        file: `${WORKER}/jobs/commit-result.ts`,
        from: 'if (!outcome.saved && outcome.existing.publishedAt !== undefined) {',
        to: 'if (!outcome.saved && outcome.existing.publishedAt === null) {',
        test: { file: HANDLE_MESSAGE, name: 'counts one event that comes twice once' },
      },
      {
        file: `${ADAPTERS}/src/dynamodb/result-store.ts`,
        from: "ConditionExpression: 'attribute_not_exists(#outcome)',",
        to: "ConditionExpression: 'attribute_not_exists(#outcome) OR attribute_exists(#outcome)',",
        test: {
          file: CONTRACTS,
          name: 'DynamoDB > ResultStore contract > keeps the first record of a job, for ever',
        },
      },
    ],
  },
];
