import { S3Client } from '@aws-sdk/client-s3';
import { systemClock as clock } from '@org/wordfreq-aws-adapters/clock';
import { createS3ObjectCopier, createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { clientOptions } from './copy-function.ts';
import { copyingOf, environmentFor } from './deployed.ts';
import type { Principal } from './principal.ts';
import type { Servers, Stage } from './stage.ts';

const MIB = 1024 * 1024;

/**
 * What only objects of gigabytes would make the programs do, done with the adapters they use and smaller
 * parts: a copy in parts, and a copy and an upload in parts that end halfway.
 */
export async function handleLargeObjects(stage: Stage, { clients, proxy }: Servers): Promise<void> {
  const { parts, principals, environments } = stage.deployed;
  const s3For = (principal: Principal): S3Client =>
    new S3Client({ ...clientOptions(environmentFor(principal, {}, proxy.url)), forcePathStyle: true });
  const [copying, working] = [s3For(copyingOf(stage.deployed).principal), s3For(principals.task)];
  try {
    const source = { bucket: parts.uploads.ref, key: 'in-parts' };
    await createS3ObjectStore({ client: clients.s3, clock }).put(source, Buffer.alloc(11 * MIB, 'word '));
    const policy = { multipartThresholdBytes: 5 * MIB, copyPartBytes: 5 * MIB, copyConcurrency: 1 };
    const copier = createS3ObjectCopier({ client: copying, clock, ...policy });
    const destination = { bucket: parts.processing.ref, key: 'in-parts' };
    await copier.copy(await copier.head(source), destination);
    await endsHalfway(proxy, 'aborted', (signal) => copier.copy(source, destination, { signal }));
    const bucket = environments.task['SPILL_BUCKET'];
    if (bucket === undefined) return;
    const store = createS3ObjectStore({ client: working, clock });
    const body = Buffer.alloc(17 * MIB);
    await endsHalfway(proxy, 'unavailable', (signal) =>
      store.put({ bucket, key: 'words/in-parts' }, body, { signal }),
    );
  } finally {
    for (const client of [copying, working]) client.destroy();
  }
}

/** The caller gives up while the second part is being sent, or S3 fails then. */
async function endsHalfway(
  proxy: Servers['proxy'],
  expected: 'aborted' | 'unavailable',
  run: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const givenUp = new AbortController();
  proxy.beforeEach = async ({ url }) => {
    if (!url.includes('partNumber=2')) return undefined;
    if (expected === 'unavailable') return 'fail';
    givenUp.abort();
    return undefined;
  };
  const ended = await run(givenUp.signal).then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
  proxy.beforeEach = async () => undefined;
  if (ended !== expected)
    throw new Error(`Expected a copy or an upload that is ${expected} halfway, got ${ended}.`);
}
