import type { CallHooks, MemoryCall } from '@org/wordfreq-aws-adapters/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handleMessage } from '../src/jobs/handle-message.ts';
import {
  BUCKET,
  createMemoryWorld,
  type MemoryWorld,
  NOISE,
  VISIBILITY_SECONDS,
} from './support/memory-world.ts';

const FILES = new Map<string, string | Uint8Array>([
  ['one.txt', 'one fish two fish'],
  ['noise.txt', NOISE],
  ['two.txt', 'red fish blue fish'],
]);
const never = new AbortController().signal;

/** A process that dies at its nth call, before or after the call took effect, and does nothing any more. */
function dyingProcess(
  nth: number,
  moment: 'before' | 'after',
): { hooks: CallHooks; revive(): void; calls(): number } {
  let calls = 0;
  let alive = true;
  const isOurs = ({ operation }: MemoryCall): boolean => !/object-store\.put/.test(operation);
  const die = (): never => {
    alive = false;
    throw new Error('the process is dead');
  };
  return {
    hooks: {
      before(call) {
        if (!isOurs(call)) return;
        if (!alive) die();
        calls += 1;
        if (moment === 'before' && calls === nth) die();
      },
      after(call) {
        if (isOurs(call) && moment === 'after' && calls === nth) die();
      },
    },
    revive() {
      alive = true;
      calls = Number.NEGATIVE_INFINITY;
    },
    calls: () => calls,
  };
}

/** Receives and handles until nothing is left, or the process dies. */
async function drain(world: MemoryWorld): Promise<void> {
  for (;;) {
    const messages = await world.queue.receive({
      maxMessages: 1,
      waitSeconds: 0,
      visibilitySeconds: VISIBILITY_SECONDS,
    });
    const [message] = messages;
    if (message === undefined) return;
    await handleMessage(message, world.dependencies, never);
  }
}

/**
 * Each object has one record, each record was published, the failed one is in the dead letters, and nothing
 * is left.
 */
async function expectInvariants(world: MemoryWorld): Promise<void> {
  const records = [];
  for await (const record of world.results.list()) records.push(record);
  expect(records.map(({ object, outcome }) => [object.key, outcome]).sort()).toEqual([
    ['noise.txt', 'failed:not-text'],
    ['one.txt', 'counted'],
    ['two.txt', 'counted'],
  ]);
  const ids = (list: readonly { readonly jobId: string }[]): string[] =>
    [...new Set(list.map(({ jobId }) => jobId))].sort();
  expect(ids(world.publisher.published)).toEqual(ids(records));
  expect(new Set(world.notifier.notifications.map(({ id }) => id)).size).toBe(1);
  const letters = await world.deadLetters.peek(10);
  expect(new Set(letters.map(({ reason }) => reason?.facts?.get('key')))).toEqual(new Set(['noise.txt']));
  expect(world.messages.messages()).toEqual([]);
}

async function runWithCrash(nth: number, moment: 'before' | 'after'): Promise<number> {
  const process = dyingProcess(nth, moment);
  const world = createMemoryWorld(process.hooks);
  for (const [key, body] of FILES) await world.objects.put({ bucket: BUCKET, key }, toBytes(body));
  await drain(world).catch(() => undefined);
  const calls = process.calls();
  process.revive();
  await world.clock.advance(VISIBILITY_SECONDS * 1000 + 900_000);
  await drain(world);
  await expectInvariants(world);
  return calls;
}

function toBytes(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

describe('a worker that dies', () => {
  it('loses nothing and doubles nothing, at whichever call it dies', async () => {
    const calls = await runWithCrash(Number.POSITIVE_INFINITY, 'before');
    expect(calls).toBeGreaterThan(15);
    for (let nth = 1; nth <= calls; nth += 1) {
      await runWithCrash(nth, 'before');
      await runWithCrash(nth, 'after');
    }
  });
});

describe('calls that fail at random', () => {
  it('lose nothing and double nothing, whatever fails and whenever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }),
        fc.boolean(),
        async (failing, late) => {
          let calls = 0;
          const fault = (): void => {
            throw Object.assign(new Error('the network failed'), { code: 'unavailable', retryable: true });
          };
          const spoilt = (): boolean => failing.includes(calls);
          const world = createMemoryWorld({
            before({ operation }) {
              if (operation === 'object-store.put') return;
              calls += 1;
              if (!late && spoilt()) fault();
            },
            after({ operation }) {
              if (operation !== 'object-store.put' && late && spoilt()) fault();
            },
          });
          for (const [key, body] of FILES) await world.objects.put({ bucket: BUCKET, key }, toBytes(body));
          // Three failures of one job are a verdict, so each gets at most two here.
          const patient = {
            ...world,
            dependencies: {
              ...world.dependencies,
              failurePolicy: { ...world.dependencies.failurePolicy, maxFailures: 100 },
            },
          };
          for (let round = 0; round < 30; round += 1) {
            await drain(patient).catch(() => undefined);
            await world.clock.advance(1_000_000);
          }
          calls = Number.NEGATIVE_INFINITY;
          await drain(patient);
          await expectInvariants(world);
        },
      ),
      { numRuns: 300 },
    );
  });
});
