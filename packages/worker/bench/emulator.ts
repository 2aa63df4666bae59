/**
 * The embedded servers in a process of their own, so that their processor time is not the worker's. Speaks
 * over the IPC channel. Its argument is the latencies of the services in milliseconds, as JSON.
 */
import { readFileSync } from 'node:fs';
import { cpuUsage } from 'node:process';
import { delayServices, type Latencies } from '../test/support/delayed-services.ts';
import { startEmbeddedPipeline } from '../test/support/embedded-pipeline.ts';
import { observeRequests, type RequestCounts } from '../test/support/observe-requests.ts';
import { createPeerTable } from './peer-table.ts';

/** The number and size of the files to upload. */
export interface PutRequest {
  readonly files: number;
  readonly bytes: number;
  /** Default: `phrase`, one sentence repeated. `book`: each file is another piece of an English novel. */
  readonly text?: 'phrase' | 'book';
}

/** The state that this process reports. */
export interface EmulatorState {
  readonly cpuSeconds: number;
  /** Of all records so far. */
  readonly counted: number;
  readonly words: number;
  /** What workers have requested so far. */
  readonly requests: RequestCounts;
}

/** The most frequent words that each worker recorded, by key: as `the 12`. */
export interface RecordedWords {
  readonly ours: Readonly<Record<string, readonly string[]>>;
  readonly peer: Readonly<Record<string, readonly string[]>>;
}

/** What this process can be asked. */
export type EmulatorRequest = PutRequest | 'state' | 'words' | 'drained' | 'stop';

const PHRASE = 'It is a truth universally acknowledged, that a single man in possession of a good fortune, ';
const BOOK = new URL('../../../samples/texts/en-pride-and-prejudice.txt', import.meta.url);
/** Between the beginnings of two files' texts: prime, so that texts differ however many there are. */
const STEP_BYTES = 4099;
/** Above, copies inside the servers are made instead of uploads. */
const MAX_UPLOADS_BYTES = 1_000_000;

const requests = observeRequests();
const pipeline = await startEmbeddedPipeline();
const latencies = JSON.parse(process.argv[2] ?? '{}') as Latencies;
const delayed = await delayServices(pipeline.environment, latencies);
const peer = await createPeerTable(pipeline.environment);
let puts = 0;

async function put({ files, bytes, text = 'phrase' }: PutRequest): Promise<void> {
  const names = Array.from({ length: files }, () => `file ${puts++}.txt`);
  if (text === 'book') {
    const book = readFileSync(BOOK);
    for (const [index, name] of names.entries()) {
      const start = (index * STEP_BYTES) % (book.length - bytes);
      await pipeline.put(name, book.subarray(start, start + bytes));
    }
    return;
  }
  const body = Buffer.alloc(bytes, PHRASE);
  const [first = '', ...others] = names;
  await pipeline.put(first, body);
  const bucket = pipeline.environment['PROCESSING_BUCKET'] ?? '';
  for (const name of others) {
    if (bytes <= MAX_UPLOADS_BYTES) await pipeline.put(name, body);
    else await pipeline.objects.copy({ bucket, key: first }, { bucket, key: name });
  }
}

async function state(): Promise<EmulatorState> {
  const { user, system } = cpuUsage();
  const records = (await pipeline.records()).filter(({ outcome }) => outcome === 'counted');
  return {
    cpuSeconds: (user + system) / 1e6,
    counted: records.length,
    words: records.reduce((sum, { totals }) => sum + totals.words, 0),
    requests: requests.counts(),
  };
}

async function recordedWords(): Promise<RecordedWords> {
  const ours = (await pipeline.records()).map(({ object, words }) => [
    object.key,
    words.map(({ word, count }) => `${word} ${count}`),
  ]);
  return { ours: Object.fromEntries(ours), peer: await peer.words() };
}

async function answer(request: Exclude<EmulatorRequest, 'stop'>): Promise<unknown> {
  if (request === 'state') return state();
  if (request === 'words') return recordedWords();
  if (request === 'drained') return pipeline.drained(600_000).then(() => 'drained');
  return put(request).then(() => 'put');
}

async function stop(): Promise<void> {
  peer.stop();
  await delayed.stop();
  await pipeline.stop();
  process.disconnect();
}

process.on('message', async (request: EmulatorRequest) => {
  if (request === 'stop') await stop();
  else process.send?.(await answer(request));
});
process.send?.({ ...delayed.environment, PEER_TABLE: peer.name });
