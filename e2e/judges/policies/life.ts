import { setTimeout as delay } from 'node:timers/promises';
import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import { seededRandom } from '../../../packages/worker/test/support/seeded-random.ts';
import type { PolicyProxy } from './policy-proxy.ts';
import type { Stage } from './stage.ts';

/** How a life of the pipeline ended. */
export interface Life {
  /** By key. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly resultMessages: number;
  /** The notifications that were sent. */
  readonly mails: readonly string[];
  /** Reasons of dead letters. */
  readonly deadLetters: readonly string[];
  readonly uploadsDeadLetters: readonly string[];
  /** The worker's warnings and errors. */
  readonly complaints: readonly string[];
}

/** No text in any encoding. */
export const NOISE: Uint8Array = Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256);

/** Longer than an item of DynamoDB may be, once counted. */
export function manyWords(): string {
  const random = seededRandom(14);
  const letter = (): string => String.fromCharCode(97 + Math.floor(random() * 26));
  return Array.from({ length: 9000 }, () => Array.from({ length: 120 }, letter).join('')).join(' ');
}

/**
 * Everything that can happen to an object: copied, counted, failed, gone, overwritten, taking long, delivered
 * again.
 */
export async function liveThrough(stage: Stage, proxy: PolicyProxy): Promise<Life> {
  const { deployed, worker } = stage;
  proxy.beforeEach = faultFor(stage);
  await stage.upload('delivered-again.txt', 'once more');
  await stage.hasOutcomes(['delivered-again.txt']);
  await stage.upload('good.txt', 'to be or not to be');
  await stage.upload('empty.txt', '');
  await stage.upload('noise.txt', NOISE);
  await stage.upload('slow.txt', 'slow and steady');
  await stage.upload('overwritten.txt', 'first');
  if (deployed.environments.task['SPILL_BUCKET'] !== undefined) await stage.upload('large.txt', manyWords());
  await announceWhatIsNotThere(stage);
  await stage.send('jobs', 'not JSON');
  await stage.hasOutcomes(['overwritten.txt', 'good.txt']);
  await stage.upload('overwritten.txt', 'second');
  await stage.send('jobs', JSON.stringify(eventOf(deployed.parts.processing.ref, 'good.txt')));
  const keys = ['delivered-again', 'good', 'empty', 'noise', 'slow', 'overwritten', 'nowhere'];
  await stage.hasOutcomes(keys.map((key) => `${key}.txt`));
  await stage.drained();
  const records = await stage.records();
  if (deployed.environments.task['PAGE'] === 'true') await useThePage(stage);
  await stage.stop();
  return {
    outcomes: Object.fromEntries(records.map(({ object, outcome }) => [object.key, outcome])),
    // A message that was delivered again sends its result again, with the same id.
    resultMessages: new Set((await stage.take('results')).map(({ body }) => JSON.parse(body).jobId)).size,
    mails: (await stage.take('mailbox')).map(({ body }) => String(JSON.parse(body).Subject)),
    deadLetters: (await stage.take('deadLetters')).map(({ reason = '' }) => reason).sort(),
    uploadsDeadLetters:
      stage.copying === undefined
        ? []
        : (await stage.take('uploads dead letters')).map(({ reason = '' }) => reason),
    complaints: worker.lines.filter(({ level }) => Number(level) >= 40).map(({ msg }) => String(msg)),
  };
}

/** An event without version and sequencer, as for objects that were there before the pipeline. */
const eventOf = (bucket: string, key: string): object =>
  s3EventFor({ object: { bucket, key, eTag: '0'.repeat(32) }, sizeBytes: 1, at: new Date() });

/**
 * Reading `slow.txt` takes longer than a third of a lease; the connection breaks on which words are read that
 * were put into an object; and the first message that is done cannot be deleted.
 */
function faultFor({ deployed }: Stage): PolicyProxy['beforeEach'] {
  const { accessKeyId } = deployed.principals.task;
  let undeleted: string | undefined;
  let broken = false;
  return async ({ method, url, headers, body }, principal) => {
    if (principal.accessKeyId !== accessKeyId) return undefined;
    if (url.includes('/slow.txt')) await delay(1500);
    if (method === 'GET' && url.includes('/words/') && !broken) {
      broken = true;
      return 'cut';
    }
    if (headers['x-amz-target'] !== 'AmazonSQS.DeleteMessage') return undefined;
    const { ReceiptHandle } = JSON.parse(body.toString()) as { ReceiptHandle: string };
    undeleted ??= ReceiptHandle;
    return undeleted === ReceiptHandle ? 'fail' : undefined;
  };
}

/** Objects that are deleted before they are read, and a message that is not an event. */
async function announceWhatIsNotThere({ deployed, copying, send }: Stage): Promise<void> {
  const { uploads, processing } = deployed.parts;
  const upload = eventOf(uploads.ref, 'nowhere.txt');
  await send('jobs', JSON.stringify(eventOf(processing.ref, 'nowhere.txt')));
  // Uploads that are counted in place were announced above.
  if (copying === undefined) return;
  if (deployed.copying?.queue === undefined) {
    await copying.invoke(upload);
    await copying.invoke({ Records: 'not of S3' });
    return;
  }
  await send('uploads queue', JSON.stringify(upload));
  await send('uploads queue', 'not JSON');
}

const VIEWS = [
  'summary',
  'files',
  'files/search?text=txt',
  'words',
  'throughput',
  'dead-letters',
  'dead-letters/search?text=txt',
  'notifications',
];

/**
 * Looks at everything, as a browser does; pauses, resumes and sends a letter back where that is allowed.
 * Deleting needs no more than that.
 */
async function useThePage({ worker, deployed, drained, loseSpilledWords }: Stage): Promise<void> {
  const url = `${worker.lines.find(({ url: at }) => at !== undefined)?.['url']}/api`;
  const history = (key: string): string =>
    `${url}/files/history?bucket=${deployed.parts.processing.ref}&key=${key}`;
  for (const view of [...VIEWS.map((name) => `${url}/${name}`), history('good.txt'), history('large.txt')]) {
    const response = await fetch(view);
    if (!response.ok)
      throw new Error(`Expected an answer of ${view}, got ${response.status} ${await response.text()}`);
  }
  if (await loseSpilledWords()) {
    const lost = await (await fetch(history('large.txt'))).text();
    if (!lost.includes('NoSuchKey'))
      throw new Error(`Expected to be told that the words are gone, got ${lost}`);
  }
  if (deployed.environments.task['PAGE_ACTIONS'] !== 'true') return;
  const post = async (path: string, body: object): Promise<string> => {
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.text();
  };
  const expectAnswer = async (expected: string, answer: Promise<string>): Promise<void> => {
    const told = await answer;
    if (told !== expected) throw new Error(`Expected the page to answer ${expected}, got ${told}`);
  };
  const listed = (await (await fetch(`${url}/dead-letters`)).json()) as { deadLetters: { id: string }[] };
  const [first] = listed.deadLetters.map(({ id }) => id);
  await expectAnswer('{"paused":true}', post('intake', { paused: true }));
  await expectAnswer('{"paused":false}', post('intake', { paused: false }));
  await expectAnswer('{"sent":1}', post('dead-letters/redrive', { ids: [first] }));
  await drained();
}
