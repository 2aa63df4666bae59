import { type AncestorBug, CREATE_WORKER, WORKER } from './ancestor-bug.ts';

export const SHUTDOWN: readonly AncestorBug[] = [
  {
    number: 16,
    kind: 'shutdown',
    bug: 'Does not handle SIGTERM, which is what container platforms send.',
    instead: 'Stops receiving, finishes or gives back, and ends with code 0.',
    reintroductions: [
      {
        file: `${WORKER}/main.ts`,
        from: "for (const name of ['SIGTERM', 'SIGINT'] as const)",
        to: "for (const name of ['SIGINT'] as const)",
        test: {
          file: 'packages/worker/test/worker-process.test.ts',
          name: 'counts, logs, reports, answers its health checks, and stops with code 0 on SIGTERM',
        },
        inChildProcess: true,
      },
    ],
  },
  {
    number: 17,
    kind: 'shutdown',
    bug: 'Works its whole buffer off when it is interrupted, however long that takes.',
    instead: 'Stops within the stop timeout, and gives back what has not ended.',
    reintroductions: [
      {
        file: `${WORKER}/queue/create-worker.ts`,
        from: 'await clock.sleep(graceMs, done.signal);',
        to: 'await clock.sleep(graceMs * 1e9, done.signal);',
        test: { file: CREATE_WORKER, name: 'gives up what does not end in time, and says how much' },
      },
    ],
  },
  {
    number: 18,
    kind: 'shutdown',
    bug: 'Counts its workers from inside them, so that the wait for them may be over before they have begun.',
    instead: 'A message is in hand from the moment that it is received.',
    reintroductions: [
      {
        file: `${WORKER}/queue/message-buffer.ts`,
        from: 'this.#leases.add(lease);',
        to: 'setImmediate(() => this.#leases.add(lease));',
        test: { file: CREATE_WORKER, name: 'waits also for a message that arrives while it stops' },
      },
    ],
  },
];
