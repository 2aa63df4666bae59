import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GeneratedText, generateTexts, topWords } from '../../support/generated-text.ts';
import { runProgram } from '../../support/run-program.ts';
import { until } from '../../support/until.ts';
import type { EmulatorName } from '../support/emulators.ts';
import { missingForPythonJudges } from '../support/python.ts';
import { countIndependently } from './independent-count.ts';
import { type Item, type PipelineOnEmulator, startPipelineOn } from './pipeline-on-emulator.ts';
import { missingBuild } from './synthesize-variant.ts';
import { missingWorker, type WorkerProgram } from './worker-program.ts';

const missing = missingForPythonJudges() || missingBuild() || missingWorker;
const SEED = Number(process.env['E2E_SEED'] ?? 20_261_128);
const SAMPLES = resolve(import.meta.dirname, '../../../samples/texts');
const PATIENCE_MS = 150_000;
const SHORT_LEASES = { VISIBILITY_SECONDS: '4' };

/**
 * Declares the suite that sends files through the built copy Lambda and the published worker on one emulator,
 * and compares every record with an independent count.
 */
export function judgeDataPath(name: EmulatorName): void {
  describe.runIf(missing === '')(`the pipeline on ${name} (seed ${SEED})${missing}`, () => suite(name));
}

function suite(name: EmulatorName): void {
  let pipeline: PipelineOnEmulator;
  let worker: WorkerProgram | undefined;

  beforeAll(async () => {
    pipeline = await startPipelineOn(name);
    // So that the messages of a killed worker are delivered again soon.
    await pipeline.emulator.boto3.call('sqs', 'set_queue_attributes', {
      QueueUrl: pipeline.jobsQueueUrl,
      Attributes: { VisibilityTimeout: SHORT_LEASES.VISIBILITY_SECONDS },
    });
    await restart();
  });
  afterAll(async () => {
    await worker?.stop();
    await pipeline?.stop();
  });

  const objectOf = ({ key }: { readonly key: string }): string => `${pipeline.processing}/${key}`;

  /** Restarts the worker with other settings. */
  async function restart(more: Readonly<Record<string, string>> = SHORT_LEASES): Promise<WorkerProgram> {
    await worker?.stop();
    worker = pipeline.startWorker(more);
    return worker;
  }

  const upload = async (texts: readonly GeneratedText[]): Promise<void> => {
    await Promise.all(texts.map(({ key, body }) => pipeline.upload(key, body)));
  };

  /** Waits until every text has a record; returns the records of these texts. */
  async function records(texts: readonly { readonly key: string }[]): Promise<readonly Item[]> {
    const objects = new Set(texts.map(objectOf));
    const isDone = async (): Promise<boolean> => {
      const recorded = await pipeline.recordedObjects();
      return [...objects].every((object) => recorded.has(object));
    };
    // An emulator that is polled constantly has no time for its work.
    await until(`${texts.length} texts have their records`, isDone, PATIENCE_MS, 500);
    return (await pipeline.items()).filter(({ object }) => objects.has(object));
  }

  async function untilNothingWaits(): Promise<void> {
    await until(
      'no job waits',
      async () => {
        const { Attributes } = await pipeline.emulator.boto3.call<{ Attributes: Record<string, string> }>(
          'sqs',
          'get_queue_attributes',
          { QueueUrl: pipeline.jobsQueueUrl, AttributeNames: ['All'] },
        );
        const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: taken } =
          Attributes;
        return Number(visible) + Number(taken) === 0;
      },
      PATIENCE_MS,
      500,
    );
  }

  /** The ids of all result messages since the last call, by object. */
  async function resultIds(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const ids = new Map<string, Set<string>>();
    for (const body of await pipeline.drain(pipeline.resultsQueueUrl)) {
      const { object, jobId } = JSON.parse(body);
      const place = `${object.bucket}/${object.key}`;
      ids.set(place, (ids.get(place) ?? new Set()).add(jobId));
    }
    return ids;
  }

  async function expectOneOfEach(texts: readonly GeneratedText[]): Promise<void> {
    await untilNothingWaits();
    const found = await records(texts);
    expect(found.map(({ object }) => object).sort()).toEqual(texts.map(objectOf).sort());
    const wordsOf = new Map(found.map(({ object, words }) => [object, words]));
    for (const text of texts)
      expect(wordsOf.get(objectOf(text)), text.key).toEqual(topWords(text.counts, 100));
    const ids = await resultIds();
    for (const { object, jobId } of found) expect(ids.get(object), object).toEqual(new Set([jobId]));
  }

  const textsFor = (folder: string, count: number, maxWords = 2000): readonly GeneratedText[] =>
    generateTexts(count + 13, SEED, { maxWords })
      .slice(13)
      .map((text) => ({ ...text, key: `${folder}/${text.key}` }));

  async function uploaded(folder: string, count: number): Promise<readonly GeneratedText[]> {
    const texts = textsFor(folder, count, 100);
    await upload(texts);
    return texts;
  }

  it('counts 120 files of hostile names as their makers counted them', async () => {
    const texts = generateTexts(120, SEED);
    await upload(texts);
    const found = await records(texts);
    const byObject = new Map(found.map((item) => [item.object, item]));
    for (const text of texts) {
      const words = [...text.counts.values()].reduce((sum, count) => sum + count, 0);
      expect(byObject.get(objectOf(text)), text.key).toMatchObject({
        outcome: words === 0 ? 'empty' : 'counted',
        words: topWords(text.counts, 100),
        totals: { bytes: text.body.length, words, distinctWords: text.counts.size },
      });
    }
    await expectOneOfEach(texts);
    expect(await pipeline.drain(pipeline.deadLettersQueueUrl)).toEqual([]);
  });

  it('counts the samples as ICU counts them, and sends what is not text to the dead letters', async () => {
    const names = readdirSync(SAMPLES);
    const texts = names.map((file) => ({ key: `samples/${file}`, body: readFileSync(join(SAMPLES, file)) }));
    await Promise.all(texts.map(({ key, body }) => pipeline.upload(key, body)));
    const byObject = new Map((await records(texts)).map((item) => [item.object, item]));
    for (const { key, body } of texts) {
      const item = byObject.get(objectOf({ key }));
      if (key === 'samples/not-a-text.txt') {
        expect(item?.outcome).toBe('failed:not-text');
        continue;
      }
      const { total, words } = countIndependently(body.toString('utf8'));
      expect(item, key).toMatchObject({
        outcome: 'counted',
        words: words.slice(0, 100),
        totals: { bytes: body.length, words: total, distinctWords: words.length },
      });
    }
    const letters = await pipeline.drain(pipeline.deadLettersQueueUrl);
    expect(letters.filter((letter) => letter.includes('not-a-text.txt'))).toHaveLength(1);
    expect(letters).toHaveLength(1);
    await resultIds();
  });

  it('is killed midway, and ends with one record and one id each', async () => {
    const texts = textsFor('killed', 20);
    const victim = await restart();
    await upload(texts);
    await until(
      'it is in the middle',
      async () => victim.log.some(({ key }) => key?.startsWith('killed/')),
      60_000,
      5,
    );
    await victim.kill();
    expect(victim.log.filter(({ key }) => key?.startsWith('killed/')).length).toBeLessThan(texts.length);
    await restart();
    await expectOneOfEach(texts);
  });

  it('gets events and messages twice and three times, and ends with one record and one id each', async () => {
    await pipeline.drain(pipeline.copiedQueueUrl);
    const texts = textsFor('twice', 20, 300);
    await upload(texts);
    await records(texts);
    const announcements = await pipeline.drain(pipeline.copiedQueueUrl);
    expect(announcements.length).toBeGreaterThanOrEqual(texts.length);
    for (const body of [...announcements, ...announcements]) {
      await pipeline.emulator.boto3.call('sqs', 'send_message', {
        QueueUrl: pipeline.jobsQueueUrl,
        MessageBody: body,
      });
    }
    await expectOneOfEach(texts);
  });

  it('meets 500, 503, resets and lost responses, and ends with one record and one id each', async () => {
    const texts = textsFor('faults', 30, 500);
    await restart();
    const faults = [500, 503, 'reset', 'lose-response'] as const;
    // moto copies although `If-None-Match: *` forbids it, so a copy that is repeated would be a second version.
    const mayLose = ({ headers }: IncomingMessage): boolean =>
      name !== 'moto' || !('x-amz-copy-source' in headers);
    pipeline.proxy.treat((number, request) => {
      const fault = number % 5 === 0 ? faults[(number / 5) % 4] : undefined;
      return fault === undefined || (fault === 'lose-response' && !mayLose(request)) ? 'pass' : fault;
    });
    try {
      await upload(texts);
      await records(texts);
      // Each kind twice: how many requests there are depends on how many jobs share one.
      expect(pipeline.proxy.injected()).toBeGreaterThanOrEqual(2 * faults.length);
    } finally {
      pipeline.proxy.treat(() => 'pass');
    }
    await expectOneOfEach(texts);
  });

  it('ends a message that comes again after its job was done, without a write and without a pause', async () => {
    await pipeline.drain(pipeline.copiedQueueUrl);
    const texts = await uploaded('again', 8);
    const before = await records(texts);
    await untilNothingWaits();
    await worker?.stop();
    const QueueUrl = pipeline.jobsQueueUrl;
    for (const MessageBody of await pipeline.drain(pipeline.copiedQueueUrl))
      await pipeline.emulator.boto3.call('sqs', 'send_message', { QueueUrl, MessageBody });
    // Received once and not deleted: the worker gets each of them for the second time.
    for (let received = 0; received < texts.length; ) {
      const { Messages = [] } = await pipeline.emulator.boto3.call<{ Messages?: unknown[] }>(
        'sqs',
        'receive_message',
        { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 2 },
      );
      received += Messages.length;
    }
    const again = await restart();
    await untilNothingWaits();
    expect(again.log.flatMap(({ outcome }) => outcome ?? [])).toEqual(texts.map(() => 'duplicate'));
    expect(await records(texts)).toEqual(before);
  });

  it('backfills all of a versioned bucket, and makes no second record of a version', async () => {
    await records(await uploaded('backfilled', 5));
    await untilNothingWaits();
    await resultIds();
    const before = await pipeline.items();
    const { stdout, stderr, ended } = runProgram(
      ['backfill', '--all', '--json'],
      pipeline.commandEnvironment,
    );
    expect([await ended, stderr()]).toEqual([0, '']);
    expect(JSON.parse(stdout())).toMatchObject({ sent: before.length, finished: true });
    await untilNothingWaits();
    const byKey = (a: Item, b: Item): number =>
      Buffer.compare(Buffer.from(a.object + a.jobId), Buffer.from(b.object + b.jobId));
    expect([...(await pipeline.items())].sort(byKey)).toEqual([...before].sort(byKey));
    // Their results messages are sent again, with the same ids.
    const known = new Set(before.map(({ jobId }) => jobId));
    for (const [object, ids] of await resultIds())
      expect(
        [...ids].filter((id) => !known.has(id)),
        object,
      ).toEqual([]);
  });
}
