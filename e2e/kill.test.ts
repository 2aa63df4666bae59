import { setTimeout as delay } from 'node:timers/promises';
import { createEmbeddedClients, type EmbeddedClients } from '@org/wordfreq-aws-adapters/local';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { type LocalPipeline, startLocalPipeline } from '@org/wordfreq-cli';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeMessages } from '../packages/aws-adapters/test/support/take-messages.ts';
import { seededRandom } from '../packages/worker/test/support/seeded-random.ts';
import { type GeneratedText, generateTexts, topWords } from './support/generated-text.ts';
import { recordsIn } from './support/records-in.ts';
import { until } from './support/until.ts';

const SEED = Number(process.env['E2E_SEED'] ?? 20_261_125);
/** Fewer where somebody waits for the answer. */
const OBJECTS = Number(process.env['E2E_KILL_OBJECTS'] ?? (process.env['CI'] === undefined ? 300 : 1000));
/** Short, so that what a dead worker held comes back soon. */
const VISIBILITY_SECONDS = 3;

const PATIENCE_MS = 300_000;
/** Each wave of uploads costs a worker its life. */
const WAVES = 10;

const texts = generateTexts(OBJECTS, SEED, { maxWords: 400 });
let pipeline: LocalPipeline;
let clients: EmbeddedClients;
let items: Record<string, unknown>[] = [];
let kills = 0;

/**
 * Kills one worker without warning; waits for a living one, because the last victim may not have its
 * successor yet.
 */
async function killOne(random: () => number): Promise<void> {
  for (;;) {
    const victim = pipeline.workers[Math.floor(random() * pipeline.workers.length)];
    try {
      if (victim?.pid !== undefined && process.kill(victim.pid, 'SIGKILL')) break;
    } catch {
      // It is dead already, and its successor not yet born.
    }
    await delay(50);
  }
  kills += 1;
}

beforeAll(async () => {
  pipeline = await startLocalPipeline({
    workers: 2,
    workerEnvironment: { VISIBILITY_SECONDS: String(VISIBILITY_SECONDS), CONCURRENCY: '8' },
  });
  clients = createEmbeddedClients(pipeline);
  const random = seededRandom(SEED);
  const wave = Math.ceil(OBJECTS / WAVES);
  for (let index = 0; index < texts.length; index += wave) {
    await Promise.all(texts.slice(index, index + wave).map((text) => pipeline.upload(text.key, text.body)));
    // While the wave is being counted, at a moment that chance picks.
    await delay(random() * 500);
    await killOne(random);
  }
  // The copies come by way of a queue, too: an empty queue of jobs alone may be one that has not been filled.
  await until(
    `all ${OBJECTS} objects have their records, and nothing is waiting or in flight`,
    async () => {
      const unfinished = messagesIn(await pipeline.jobs.depth());
      return unfinished === 0 && (await recordsIn(pipeline.results)).length >= OBJECTS;
    },
    PATIENCE_MS,
    1000,
  );
  items = await recordsIn(pipeline.results);
}, 2 * PATIENCE_MS);

afterAll(async () => {
  clients?.destroy();
  await pipeline?.stop();
});

const objectOf = (text: GeneratedText): string => `${pipeline.resources.processingBucket}/${text.key}`;

describe(`${OBJECTS} objects, and workers killed at random (seed ${SEED})`, () => {
  it('killed workers, in fact', () => {
    expect(kills).toBe(WAVES);
  });

  it('gives each object exactly one outcome, and the right counts', () => {
    const expected = texts.map((text) => {
      const words = topWords(text.counts, 100);
      return {
        object: objectOf(text),
        outcome: words.length === 0 ? 'empty' : 'counted',
        words,
      };
    });
    const found = items.map(({ object, outcome, words }) => ({ object, outcome, words }));
    const byObject = (a: { object?: unknown }, b: { object?: unknown }): number =>
      String(a.object) < String(b.object) ? -1 : 1;
    expect(found.sort(byObject)).toEqual(expected.sort(byObject));
  });

  it('announces each result, and a repetition carries the same id', async () => {
    const messages = await takeMessages(clients.sqs, pipeline.resources.resultsQueueUrl);
    const ids = messages.map(({ Body = '' }) => JSON.parse(Body).jobId);
    expect(new Set(ids)).toEqual(new Set(items.map((item) => item['jobId'])));
  });

  it('sends nothing to the dead letters: an interruption is no failure', async () => {
    expect(await pipeline.deadLetters.peek(10)).toEqual([]);
    expect(pipeline.mailbox.mails).toEqual([]);
  });
});
