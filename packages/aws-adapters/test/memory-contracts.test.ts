import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import {
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryDeadLetterSender,
  createMemoryDigestOutbox,
  createMemoryIntakeSwitch,
  createMemoryJobQueue,
  createMemoryJobSender,
  createMemoryNotifier,
  createMemoryObjectStore,
  createMemoryQueue,
  createMemoryResultPublisher,
  createMemoryResultStore,
} from '../src/memory/index.ts';
import {
  clockContract,
  digestOutboxContract,
  intakeSwitchContract,
  jobQueueContract,
  notifierContract,
  objectStoreContract,
  resultIndexContract,
  resultPublisherContract,
  resultStoreContract,
} from '../src/testing/index.ts';

const api = { describe, it };

describe('system clock', () => {
  clockContract(api, () => ({ clock: systemClock, pass: (ms) => delay(ms) }));
});

describe('manual clock', () => {
  clockContract(api, () => {
    const clock = createManualClock();
    return { clock, pass: (ms) => clock.advance(ms) };
  });
});

describe.each([{ versioned: true }, { versioned: false }])(
  'object store in memory, $versioned',
  ({ versioned }) => {
    objectStoreContract(
      api,
      () => ({
        store: createMemoryObjectStore({ clock: createManualClock(), buckets: ['one', 'two'], versioned }),
        bucket: 'one',
        otherBucket: 'two',
      }),
      { versions: versioned },
    );
  },
);

describe('queues in memory', () => {
  jobQueueContract(api, () => {
    const clock = createManualClock();
    const deadLetters = createMemoryQueue({ clock });
    const queue = createMemoryQueue({ clock, redrive: { deadLetters, maxReceiveCount: 10 } });
    return {
      queue: createMemoryJobQueue({ queue, deadLetters, clock }),
      sender: createMemoryJobSender({ queue }),
      deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }),
      deadLetterSender: createMemoryDeadLetterSender({ queue: deadLetters, clock }),
      maxReceives: 10,
      pass: (ms) => clock.advance(ms),
    };
  });
});

describe('result store in memory', () => {
  resultStoreContract(api, () => ({ store: createMemoryResultStore() }));
  resultIndexContract(api, () => {
    const clock = { time: new Date(), now: () => clock.time };
    const store = createMemoryResultStore({ clock });
    return { store, setClock: (now) => void Object.assign(clock, { time: now }) };
  });
});

describe('digest outbox in memory', () => {
  digestOutboxContract(api, () => ({ outbox: createMemoryDigestOutbox() }));
});

describe('intake switch in memory', () => {
  intakeSwitchContract(api, () => ({ intake: createMemoryIntakeSwitch() }));
});

describe('messengers in memory', () => {
  resultPublisherContract(api, () => {
    const publisher = createMemoryResultPublisher();
    return { publisher, received: async () => JSON.parse(JSON.stringify(publisher.published)) };
  });
  notifierContract(api, () => {
    const notifier = createMemoryNotifier();
    return {
      notifier,
      received: async () => notifier.notifications.map(({ subject, text }) => ({ subject, text })),
    };
  });
});
