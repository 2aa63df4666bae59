/**
 * The embedded servers in a process of their own, so that their processor time is not the worker's. Speaks
 * over the IPC channel.
 */
import { cpuUsage } from 'node:process';
import { startEmbeddedPipeline } from '../test/support/embedded-pipeline.ts';

/** The number and size of the files to upload. */
export interface PutRequest {
  readonly files: number;
  readonly bytes: number;
}

/** The state that this process reports. */
export interface EmulatorState {
  readonly cpuSeconds: number;
  /** Of all records so far. */
  readonly counted: number;
  readonly words: number;
}

const PHRASE = 'It is a truth universally acknowledged, that a single man in possession of a good fortune, ';
/** Above, copies inside the servers are made instead of uploads. */
const MAX_UPLOADS_BYTES = 1_000_000;

const pipeline = await startEmbeddedPipeline();
let puts = 0;

async function put({ files, bytes }: PutRequest): Promise<void> {
  const body = Buffer.alloc(bytes, PHRASE);
  const names = Array.from({ length: files }, () => `file ${puts++}.txt`);
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
  };
}

process.on('message', async (request: PutRequest | 'state' | 'stop') => {
  if (request === 'stop') {
    await pipeline.stop();
    process.disconnect();
  } else if (request === 'state') process.send?.(await state());
  else {
    await put(request);
    process.send?.('put');
  }
});
process.send?.(pipeline.environment);
