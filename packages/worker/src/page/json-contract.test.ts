import {
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryJobQueue,
  createMemoryQueue,
  createMemoryResultStore,
} from '@org/wordfreq-aws-adapters/memory';
import { HOSTILE_KEYS, HOSTILE_WORDS, sampleResult } from '@org/wordfreq-aws-adapters/testing';
import type { Hono } from 'hono';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createPage } from './create-page.ts';

const amount = v.pipe(v.number(), v.minValue(0));
const cost = v.strictObject({
  s3Reads: amount,
  s3Writes: amount,
  queueRequests: amount,
  notifications: amount,
  tableWrites: amount,
  tableReads: amount,
  processorMs: amount,
  usd: amount,
});
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const time = v.pipe(v.string(), v.isoTimestamp());
const word = v.strictObject({ word: v.string(), count });
const remedy = v.picklist(['nothing', 'upload-corrected', 'fix-and-send-back', 'delete']);
const file = v.strictObject({
  bucket: v.string(),
  key: v.string(),
  version: v.string(),
  jobId: v.string(),
  outcome: v.pipe(v.string(), v.regex(/^(counted|empty|gone|skipped:[a-z-]+|failed:[a-z-]+)$/)),
  error: v.optional(v.strictObject({ code: v.string(), message: v.string() })),
  hint: v.optional(v.string()),
  remedy: v.optional(remedy),
  bytes: count,
  words: count,
  distinctWords: count,
  keptWords: count,
  durationMs: v.pipe(v.number(), v.minValue(0)),
  finishedAt: time,
  publishedAt: v.optional(time),
  attempt: count,
  worker: v.string(),
  tokenizer: v.string(),
  warnings: v.array(v.strictObject({ code: v.string(), count, firstOffset: count })),
  encoding: v.optional(
    v.strictObject({
      name: v.string(),
      foundBy: v.picklist(['bom', 'declared', 'detected', 'default']),
      likely: v.optional(v.string()),
    }),
  ),
  cost: v.optional(cost),
  encodingProblem: v.optional(v.strictObject({ message: v.string(), hint: v.string() })),
  missingWords: v.optional(v.string()),
  top: v.array(word),
});
const letter = v.strictObject({
  id: v.string(),
  code: v.string(),
  detail: v.string(),
  meaning: v.string(),
  hint: v.optional(v.string()),
  remedy,
  bucket: v.optional(v.string()),
  key: v.optional(v.string()),
  version: v.optional(v.string()),
  jobId: v.optional(v.string()),
  excerpt: v.optional(v.string()),
  at: v.optional(time),
  receiveCount: count,
  bodyBytes: count,
});
const sixty = v.pipe(v.array(count), v.length(60));

/**
 * What programs rely on, frozen: a field that goes, comes or changes is a change of the contract, and of the
 * README.
 */
const VIEWS = new Map<string, v.GenericSchema>([
  [
    '/api',
    v.strictObject({
      views: v.array(v.strictObject({ path: v.string(), holds: v.string() })),
      actions: v.array(
        v.strictObject({ method: v.literal('POST'), path: v.string(), body: v.string(), does: v.string() }),
      ),
    }),
  ],
  [
    '/api/summary',
    v.strictObject({
      queued: count,
      inFlight: count,
      done: count,
      failed: count,
      deadLetters: v.nullable(count),
      bytes: count,
      words: count,
      cost: v.nullable(cost),
      seconds: v.pipe(v.number(), v.minValue(0)),
      firstStartAt: v.nullable(time),
      lastEndAt: v.nullable(time),
      outcomes: v.array(v.strictObject({ outcome: v.string(), files: count })),
      paused: v.nullable(v.strictObject({ since: time, by: v.optional(v.string()) })),
      resultsAt: time,
      complete: v.boolean(),
      can: v.strictObject({
        upload: v.boolean(),
        redrive: v.boolean(),
        purge: v.boolean(),
        pause: v.boolean(),
        notifications: v.boolean(),
        maxUploadBytes: count,
      }),
    }),
  ],
  ['/api/files', v.strictObject({ files: v.array(file), total: count })],
  [
    '/api/files/search',
    v.strictObject({ files: v.array(file), searched: count, cursor: v.optional(v.string()) }),
  ],
  ['/api/files/history', v.strictObject({ versions: v.array(file) })],
  [
    '/api/words',
    v.strictObject({
      files: count,
      words: v.array(v.strictObject({ word: v.string(), count, files: count })),
    }),
  ],
  ['/api/stop-words', v.strictObject({ words: v.array(v.string()) })],
  [
    '/api/throughput',
    v.strictObject({
      windows: v.array(
        v.strictObject({
          name: v.string(),
          bucketSeconds: count,
          from: count,
          done: sixty,
          failed: sixty,
          bytes: sixty,
        }),
      ),
    }),
  ],
  ['/api/dead-letters', v.strictObject({ deadLetters: v.array(letter) })],
  ['/api/dead-letters/search', v.strictObject({ deadLetters: v.array(letter), searched: count })],
  [
    '/api/notifications',
    v.strictObject({
      notifications: v.array(
        v.strictObject({
          id: v.string(),
          at: time,
          topic: v.string(),
          subject: v.string(),
          text: v.string(),
          key: v.optional(v.string()),
        }),
      ),
    }),
  ],
]);

async function pageWith(keys: readonly string[]): Promise<Hono> {
  const clock = createManualClock();
  const deadLetters = createMemoryQueue({ clock });
  const results = createMemoryResultStore();
  const words = HOSTILE_WORDS.map((text, index) => ({ word: text, count: 9 - index }));
  for (const [index, key] of keys.entries()) {
    const object = { bucket: 'b', key, eTag: 'e' };
    const failed = {
      outcome: 'failed:not-text' as const,
      error: { code: 'not-text', message: key },
      words: [],
    };
    const broken = {
      warnings: [{ code: 'invalid-utf8', count: 4, firstOffset: 6 }],
      encoding: { name: 'utf-8', foundBy: 'default', likely: 'koi8-r' },
    } as const;
    const change = [failed, broken, {}][index % 3];
    await results.save(sampleResult({ jobId: `${index}`, object, words, ...change }));
    deadLetters.send(key, { attributes: new Map([['key', key]]) });
  }
  return createPage({
    results,
    jobs: createMemoryJobQueue({ queue: createMemoryQueue({ clock }), deadLetters, clock }),
    deadLetters: createMemoryDeadLetterQueue({ queue: deadLetters }),
    notifications: () =>
      keys.map((key) => ({ id: key, at: new Date(0), topic: key, subject: key, text: key, key })),
    clock,
  });
}

describe('the JSON behind the page', () => {
  it.each([...VIEWS.keys()])('%s has exactly the documented fields, full, hostile or empty', async (path) => {
    const asked = { bucket: 'b', key: '__proto__', text: '__proto__', language: 'en' };
    const question = /history|search|stop/.test(path) ? `?${new URLSearchParams(asked)}` : '';
    for (const keys of [[], HOSTILE_KEYS]) {
      const page = await pageWith(keys);
      const response = await page.request(`${path}${question}`, { headers: { host: 'localhost' } });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
      const { issues } = v.safeParse(VIEWS.get(path) ?? v.never(), await response.json());
      expect(issues?.map(({ message, path: at }) => [message, at?.map(({ key }) => key)])).toBeUndefined();
    }
  });

  it('is listed by /api, each view where it is', async () => {
    const page = await pageWith([]);
    const list = await page.request('/api', { headers: { host: 'localhost' } });
    const { views } = (await list.json()) as { views: readonly { path: string }[] };
    const paths = views.map(({ path }) => path.replace(/\?.*/, ''));
    expect(paths.filter((path) => path !== '/api/files/words.csv')).toEqual([...VIEWS.keys()].slice(1));
  });

  it('lists what can be changed here, and nothing that cannot', async () => {
    const clock = createManualClock();
    const sources = {
      results: createMemoryResultStore(),
      jobs: { depth: async () => ({ visible: 0, inFlight: 0, delayed: 0 }) },
      clock,
    };
    const [none, one] = [async () => undefined, async () => 0];
    const intake = { read: none, pause: none, resume: none };
    const actions = { upload: none, redrive: one, purge: one, intake };
    for (const page of [createPage(sources), createPage({ ...sources, ...actions })]) {
      const list = await page.request('/api', { headers: { host: 'localhost' } });
      const listed = (await list.json()) as { actions: readonly { method: string; path: string }[] };
      const served = page.routes.filter(({ method }) => method === 'POST').map(({ path }) => path);
      expect(listed.actions.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([...new Set(served)]);
    }
  });

  it('is linked from the page', async () => {
    const html = await (await (await pageWith([])).request('/', { headers: { host: 'localhost' } })).text();
    for (const path of VIEWS.keys()) {
      // A file's history is linked from its row; searches and stop words are asked for by the page's script.
      if (!/history|search|stop/.test(path)) expect(html).toContain(`href="${path}"`);
    }
  });

  it('asks nothing of what it does not show: no view takes part in another’s failure', async () => {
    const denied = async (): Promise<never> => {
      throw new Error('AccessDenied');
    };
    const page = createPage({
      results: createMemoryResultStore(),
      jobs: { depth: async () => ({ visible: 3, inFlight: 0, delayed: 0 }) },
      deadLetters: { peek: denied, depth: denied },
      clock: createManualClock(),
    });
    const ask = (path: string) => page.request(path, { headers: { host: 'localhost' } });
    expect(await (await ask('/api/summary')).json()).toMatchObject({ queued: 3, deadLetters: null });
    const letters = await ask('/api/dead-letters');
    expect([letters.status, await letters.json()]).toEqual([
      502,
      { error: 'The page could not ask for that: AccessDenied' },
    ]);
  });
});
