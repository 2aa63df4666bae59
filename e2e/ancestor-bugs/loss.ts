import { ADAPTERS, type AncestorBug, CONTRACTS, HANDLE_MESSAGE, PARSE, WORKER } from './ancestor-bug.ts';

export const LOSS: readonly AncestorBug[] = [
  {
    number: 1,
    kind: 'loss',
    bug: 'Deletes messages that it cannot parse, events wrapped by SNS and EventBridge among them.',
    instead: 'Reads every form; moves what nobody can read to the dead letters, with reason and excerpt.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/handle-message.ts`,
        from: 'else await queue.quarantine(message, quarantine.reason);',
        to: 'else await queue.delete(message);',
        test: { file: HANDLE_MESSAGE, name: 'quarantines not JSON with its reason' },
      },
      {
        file: `${ADAPTERS}/src/events/parse-announcement.ts`,
        from: "if (value['Type'] === 'Notification' && typeof value['Message'] === 'string') {",
        to: "if (value['Type'] === 'never' && typeof value['Message'] === 'string') {",
        test: { file: PARSE, name: 'reads form sns: wrapped by SNS' },
      },
      {
        file: `${ADAPTERS}/src/events/parse-announcement.ts`,
        from: "if (isEventBridgeEvent(value)) return { form: 'eventbridge', reading: readEventBridgeEvent(value) };",
        to: '',
        test: { file: PARSE, name: 'reads form eventbridge: from EventBridge' },
      },
    ],
  },
  {
    number: 2,
    kind: 'loss',
    bug: 'Deletes a message of several records when the first of them succeeds.',
    instead: 'Deletes a message when each of its records has its outcome.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/handle-message.ts`,
        from: "const retries = verdicts.filter((verdict) => verdict.kind === 'retry');",
        to:
          "if (verdicts.some(({ kind }) => kind === 'done')) return queue.delete(message);\n" +
          "  const retries = verdicts.filter((verdict) => verdict.kind === 'retry');",
        test: {
          file: HANDLE_MESSAGE,
          name: 'finishes the good records of a message before it quarantines the bad one',
        },
      },
    ],
  },
  {
    number: 3,
    kind: 'loss',
    bug: 'Tidies the path that is the item’s key, so that `a//b`, `a/./b` and `a/b` overwrite each other.',
    instead: 'Keys are opaque text: the item’s key is `bucket/key`, character by character.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/dynamodb/table.ts`,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
        from: 'return `${bucket}/${key}`;',
        to: "return process.getBuiltinModule('node:path').posix.join(bucket, key);",
        test: {
          file: CONTRACTS,
          name: 'DynamoDB > ResultStore contract > never mixes jobs, versions or keys up',
        },
      },
    ],
  },
  {
    number: 4,
    kind: 'loss',
    bug: 'Deletes the message before the result is sent: a crash in between loses it.',
    instead: 'Commits in an order that no crash can spoil; the message goes last.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/handle-message.ts`,
        from: 'return doJob(job, message, dependencies, signal);',
        to: 'await dependencies.queue.delete(message);\n      return doJob(job, message, dependencies, signal);',
        test: {
          file: 'packages/worker/test/crashes.test.ts',
          name: 'loses nothing and doubles nothing, at whichever call it dies',
        },
      },
      {
        file: `${WORKER}/jobs/handle-message.ts`,
        from: 'return doJob(job, message, dependencies, signal);',
        to: 'await dependencies.queue.delete(message);\n      return doJob(job, message, dependencies, signal);',
        test: {
          file: 'e2e/simulation/simulation.test.ts',
          name: 'loses nothing, doubles nothing and can explain everything',
        },
      },
    ],
  },
  {
    number: 5,
    kind: 'loss',
    bug: 'Has no dead-letter queue: what can never succeed comes back until it expires.',
    instead: 'Moves permanent failures to the dead letters at once, with the reason in attributes.',
    reintroductions: [
      {
        file: `${WORKER}/jobs/do-job.ts`,
        from: "outcome, facts };\n  return { kind: 'quarantine', record, reason };",
        to: "outcome, facts };\n  return { kind: 'retry', record, delaySeconds: reason === undefined ? 0 : 30 };",
        test: {
          file: HANDLE_MESSAGE,
          name: 'quarantines what is no text, with the reason and the facts, and tells people once',
        },
      },
    ],
  },
];
