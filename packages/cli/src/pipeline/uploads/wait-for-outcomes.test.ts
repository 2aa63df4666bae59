import {
  createManualClock,
  createMemoryObjectStore,
  type ManualClock,
} from '@org/wordfreq-aws-adapters/memory';
import type { VersionSummary } from '@org/wordfreq-aws-adapters/ports';
import { beforeEach, describe, expect, it } from 'vitest';
import { type AwaitedUpload, type CameOut, waitForOutcomes } from './wait-for-outcomes.ts';

const BYTES = new TextEncoder().encode('some words');
let clock: ManualClock;
let objects: ReturnType<typeof createMemoryObjectStore>;
let table: Map<string, VersionSummary[]>;
let came: CameOut[];
let stop: AbortController;
let failure: () => Error | undefined;
beforeEach(() => {
  clock = createManualClock();
  objects = createMemoryObjectStore({ clock });
  objects.createBucket('uploads');
  objects.createBucket('texts');
  table = new Map();
  came = [];
  stop = new AbortController();
  failure = () => undefined;
});

async function upload(key: string, body = BYTES): Promise<AwaitedUpload> {
  const startedAt = clock.now();
  const { eTag } = await objects.put({ bucket: 'uploads', key }, body);
  return { bucket: 'uploads', key, eTag, startedAt };
}

/** Copies as the copy Lambda does, with another ETag, as the copy of a multipart upload has. */
async function copy({ bucket, key, eTag }: AwaitedUpload, body = 'copied'): Promise<string> {
  const metadata = new Map([
    ['source-bucket', bucket],
    ['source-etag', eTag],
  ]);
  return (await objects.put({ bucket: 'texts', key }, new TextEncoder().encode(body), { metadata })).eTag;
}

function finish(key: string, eTag: string, finishedAt = clock.now()): void {
  const version: VersionSummary = {
    jobId: `job-${key}`,
    version: eTag,
    eTag,
    outcome: 'counted',
    finishedAt,
  };
  table.set(key, [...(table.get(key) ?? []), version]);
}

function wait(uploads: readonly AwaitedUpload[], timeoutMs = 10_000): Promise<readonly AwaitedUpload[]> {
  return waitForOutcomes({
    results: {
      async versions(_, key) {
        const error = failure();
        if (error !== undefined) throw error;
        return table.get(key) ?? [];
      },
    },
    objects,
    processingBucket: 'texts',
    uploads,
    timeoutMs,
    clock,
    signal: stop.signal,
    onOutcome: (one) => came.push(one),
  });
}

describe(waitForOutcomes, () => {
  it('knows its own result by what the copy says that it is of', async () => {
    const mine = await upload('a.txt');
    finish('a.txt', await copy(mine));
    expect(await wait([mine])).toEqual([]);
    expect(came.map(({ version }) => version.jobId)).toEqual(['job-a.txt']);
  });

  it('waits until the result comes', async () => {
    const mine = await upload('a.txt');
    const eTag = await copy(mine);
    const done = wait([mine]);
    await clock.advance(3000);
    expect(came).toEqual([]);
    finish('a.txt', eTag);
    await clock.advance(3000);
    expect(await done).toEqual([]);
    expect(came).toHaveLength(1);
  });

  it('does not take the result of an older version of the key for its own', async () => {
    const older = await upload('a.txt', new TextEncoder().encode('older'));
    finish('a.txt', await copy(older, 'old copy'));
    await clock.advance(1000);
    const mine = await upload('a.txt');
    const done = wait([mine], 5000);
    await clock.advance(6000);
    expect(await done).toEqual([mine]);
    expect(came).toEqual([]);
  });

  it('finds its result also after somebody has overwritten the copy', async () => {
    const mine = await upload('a.txt');
    await clock.advance(10);
    finish('a.txt', mine.eTag);
    const other = await upload('a.txt', new TextEncoder().encode('other'));
    await copy(other);
    expect(await wait([mine])).toEqual([]);
  });

  it('takes the result of an upload of the very same version that came before', async () => {
    const first = await upload('a.txt');
    finish('a.txt', await copy(first));
    await clock.advance(60_000);
    expect(await wait([await upload('a.txt')])).toEqual([]);
  });

  it('needs no copy for what was uploaded to where the workers read', async () => {
    const { eTag } = await objects.put({ bucket: 'texts', key: 'a.txt' }, BYTES);
    finish('a.txt', eTag);
    expect(await wait([{ bucket: 'texts', key: 'a.txt', eTag, startedAt: clock.now() }])).toEqual([]);
  });

  it('goes on after a failure that may pass, and ends with one that will not', async () => {
    const mine = await upload('a.txt');
    finish('a.txt', await copy(mine));
    const codes = ['throttled', 'unavailable'];
    failure = () => {
      const code = codes.shift();
      return code === undefined ? undefined : Object.assign(new Error('x'), { code, retryable: true });
    };
    const done = wait([mine]);
    await clock.advance(1000);
    expect(await done).toEqual([]);
    failure = () => Object.assign(new Error('x'), { code: 'access-denied', retryable: false });
    await expect(wait([mine])).rejects.toMatchObject({ code: 'access-denied' });
  });

  it('ends at the time-out, and returns what has no outcome', async () => {
    const [fast, slow] = [await upload('fast.txt'), await upload('slow.txt')];
    finish('fast.txt', await copy(fast));
    const done = wait([fast, slow], 1000);
    await clock.advance(1000);
    expect(await done).toEqual([slow]);
  });

  it('ends at once when it is interrupted', async () => {
    const done = wait([await upload('a.txt')]);
    await clock.advance(50);
    stop.abort();
    expect(await done).toHaveLength(1);
  });
});
