import { gzipSync } from 'node:zlib';
import type { Message } from '@aws-sdk/client-sqs';
import { createEmbeddedClients, type EmbeddedClients } from '@org/wordfreq-aws-adapters/local';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { type LocalPipeline, startLocalPipeline } from '@org/wordfreq-cli';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeMessages } from '../packages/aws-adapters/test/support/take-messages.ts';
import { seededRandom } from '../packages/worker/test/support/seeded-random.ts';
import { type GeneratedText, generateTexts, topWords } from './support/generated-text.ts';
import { recordsIn } from './support/records-in.ts';
import { until } from './support/until.ts';

const SEED = Number(process.env['E2E_SEED'] ?? 20_261_124);
const TEXTS = generateTexts(116, SEED);
const NOT_TEXTS: readonly GeneratedText[] = ['broken.txt', 'sub folder/broken+2.txt', 'image.txt'].map(
  (key, index) => ({ key, body: noise(5000 + index, SEED + index), counts: new Map() }),
);
const COMPRESSED: GeneratedText = {
  key: 'sub folder/compressed.txt.gz',
  body: gzipSync('to be or not to be'),
  counts: new Map(),
};
const FILES = [...TEXTS, COMPRESSED, ...NOT_TEXTS];

/** Bytes that are not text in any encoding: NULs and invalid UTF-8 throughout. */
function noise(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

const problems: string[] = [];
let pipeline: LocalPipeline;
let clients: EmbeddedClients;
let items: Record<string, unknown>[];
let resultMessages: Message[];
let deadLetters: Message[];

beforeAll(async () => {
  pipeline = await startLocalPipeline({
    ports: { aws: 0, dynamodb: 0 },
    workers: 2,
    onProblem: (problem) => problems.push(problem),
  });
  clients = createEmbeddedClients(pipeline);
  for (const file of FILES) await pipeline.upload(file.key, file.body);
  // Never copied, so never counted: the uploading bucket announces texts only.
  await pipeline.upload('readme.md', new TextEncoder().encode('not a text file'));
  await until('every file has its outcome', async () => {
    items = await recordsIn(pipeline.results);
    return items.length >= FILES.length;
  });
  await until('nothing is in flight', async () => messagesIn(await pipeline.jobs.depth()) === 0);
  await pipeline.mailbox.waitFor(NOT_TEXTS.length, 60_000);
  items = await recordsIn(pipeline.results);
  resultMessages = await takeMessages(clients.sqs, pipeline.resources.resultsQueueUrl);
  deadLetters = await takeMessages(clients.sqs, pipeline.resources.deadLettersQueueUrl);
});

afterAll(async () => {
  clients?.destroy();
  await pipeline?.stop();
});

const objectOf = (file: GeneratedText): string => `${pipeline.resources.processingBucket}/${file.key}`;

describe(`120 files through the embedded pipeline (seed ${SEED})`, () => {
  it('meets no problem on the way', () => {
    expect(problems).toEqual([]);
  });

  it('leaves exactly one item per file', () => {
    expect(items.map((item) => item['object']).sort()).toEqual(FILES.map(objectOf).sort());
  });

  it.each(TEXTS.map((file) => [file.key.slice(0, 40), file] as const))('counts %s exactly', (_, file) => {
    const item = items.find((candidate) => candidate['object'] === objectOf(file));
    const totalWords = [...file.counts.values()].reduce((sum, count) => sum + count, 0);
    expect(item).toMatchObject({
      outcome: totalWords === 0 ? 'empty' : 'counted',
      words: topWords(file.counts, 100),
      totals: { bytes: file.body.length, words: totalWords, distinctWords: file.counts.size },
      warnings: [],
      attempt: 1,
    });
  });

  it('counts a compressed upload', () => {
    const item = items.find((candidate) => candidate['object'] === objectOf(COMPRESSED));
    expect(item).toMatchObject({ outcome: 'counted', totals: { bytes: 18, words: 6, distinctWords: 4 } });
  });

  it.each(NOT_TEXTS.map((file) => [file.key, file] as const))('fails %s with the reason', (_, file) => {
    const item = items.find((candidate) => candidate['object'] === objectOf(file));
    expect(item).toMatchObject({ outcome: 'failed:not-text', words: [] });
  });

  // The queue delivers at least once, and so do we: whoever gets a message again knows it by the job's id.
  it('sends a results message per file, and one that comes again has the same job id', () => {
    const announced = new Map<string, string>();
    for (const { Body = '' } of resultMessages) {
      const { jobId, object } = JSON.parse(Body);
      announced.set(jobId, `${object.bucket}/${object.key}`);
    }
    expect([...announced.values()].sort()).toEqual(FILES.map(objectOf).sort());
  });

  it('puts what is not text, and nothing else, into the dead-letter queue with its reason', () => {
    expect(
      deadLetters
        .map(({ MessageAttributes }) => ({
          key: MessageAttributes?.['key']?.StringValue,
          reason: MessageAttributes?.['reasonCode']?.StringValue,
        }))
        .sort((a, b) => String(a.key).localeCompare(String(b.key))),
    ).toEqual(
      NOT_TEXTS.map((file) => ({ key: file.key, reason: 'not-text' })).sort((a, b) =>
        a.key.localeCompare(b.key),
      ),
    );
  });

  it('notifies once of each failure', () => {
    const failures = pipeline.mailbox.mails.filter((mail) => mail.topic === 'wordfreq-failures');
    expect(failures.length).toBe(NOT_TEXTS.length);
    for (const file of NOT_TEXTS) {
      expect(failures.filter((mail) => mail.text.includes(file.key))).toHaveLength(1);
    }
  });

  it('leaves every queue empty', async () => {
    const { copying, jobsQueueUrl } = pipeline.resources;
    for (const queueUrl of [copying?.uploadsQueueUrl ?? '', jobsQueueUrl]) {
      expect(await takeMessages(clients.sqs, queueUrl)).toEqual([]);
    }
  });
});
