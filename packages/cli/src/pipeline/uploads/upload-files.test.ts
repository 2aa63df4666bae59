import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterError } from '@org/wordfreq-aws-adapters/errors';
import {
  createManualClock,
  createMemoryObjectStore,
  type MemoryCall,
  type MemoryObjectStore,
} from '@org/wordfreq-aws-adapters/memory';
import { readAll } from '@org/wordfreq-aws-adapters/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type UploadFilesOptions, type UploadOutcome, uploadFiles } from './upload-files.ts';
import { planUploads } from './upload-plan.ts';

const bucket = 'uploads';
const clock = createManualClock();
let calls: string[];
let onCall: (call: MemoryCall) => void;
let objects: MemoryObjectStore;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upload-files-'));
  calls = [];
  onCall = () => undefined;
  const before = (call: MemoryCall): void => {
    calls.push(`${call.operation} ${call.subject}`);
    onCall(call);
  };
  objects = createMemoryObjectStore({ clock, buckets: [bucket], hooks: { before } });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, body: string | Uint8Array = 'some words'): string {
  const path = join(folder, name);
  writeFileSync(path, body);
  return path;
}

async function upload(
  paths: readonly string[],
  more: Partial<UploadFilesOptions> = {},
): Promise<readonly UploadOutcome[]> {
  return uploadFiles({
    objects,
    bucket,
    files: more.files ?? (await planUploads(paths)),
    overwrite: false,
    clock,
    signal: new AbortController().signal,
    onBytes: () => undefined,
    onFile: () => undefined,
    ...more,
  });
}

async function stored(key: string): Promise<string> {
  return String(await readAll((await objects.read({ bucket, key })).bytes));
}

describe(uploadFiles, () => {
  it('sends a file byte by byte with its type, and reports all its bytes', async () => {
    const bytes = Buffer.alloc(1_000_003, 'one two three ');
    let sent = 0;
    const [outcome] = await upload([file('large.txt', bytes)], { onBytes: (count) => (sent += count) });
    const { eTag, contentType } = await objects.head({ bucket, key: 'large.txt' });
    expect(outcome).toMatchObject({ status: 'uploaded', object: { bucket, key: 'large.txt', eTag } });
    expect(contentType).toBe('text/plain');
    expect(sent).toBe(bytes.length);
    expect(await stored('large.txt')).toBe(String(bytes));
  });

  it('sends an empty file', async () => {
    expect(await upload([file('empty.txt', '')])).toMatchObject([{ status: 'uploaded' }]);
    expect(await stored('empty.txt')).toBe('');
  });

  it('leaves what is there alone, unless overwriting was asked for', async () => {
    const path = file('a.txt', 'one');
    await upload([path]);
    writeFileSync(path, 'two');
    expect(await upload([path])).toMatchObject([{ status: 'exists' }]);
    expect(await stored('a.txt')).toBe('one');
    expect(await upload([path], { overwrite: true })).toMatchObject([{ status: 'uploaded' }]);
    expect(await stored('a.txt')).toBe('two');
  });

  it('replaces nothing that somebody else puts there after the look', async () => {
    onCall = ({ operation }) => {
      if (operation !== 'object-store.put') return;
      onCall = () => undefined;
      void objects.put({ bucket, key: 'a.txt' }, Buffer.from('theirs'));
    };
    expect(await upload([file('a.txt', 'ours')])).toMatchObject([{ status: 'exists' }]);
    expect(await stored('a.txt')).toBe('theirs');
  });

  it('uploads also where it may not look whether the key is taken', async () => {
    onCall = ({ operation }) => {
      if (operation === 'object-store.head') throw new AdapterError('access-denied', 'No s3:GetObject.');
    };
    expect(await upload([file('a.txt')])).toMatchObject([{ status: 'uploaded' }]);
  });

  it('reports a file that disappeared meanwhile as not uploaded, and uploads the others', async () => {
    const [gone, other] = [file('gone.txt'), file('other.txt')];
    const files = await planUploads([gone, other]);
    rmSync(gone);
    const outcomes = await upload([], { files });
    expect(outcomes).toMatchObject([{ status: 'not-uploaded' }, { status: 'uploaded' }]);
  });

  it('asks for nothing more once it is interrupted', async () => {
    const stop = new AbortController();
    onCall = ({ operation }) => {
      if (operation === 'object-store.put') stop.abort();
    };
    const paths = Array.from({ length: 100 }, (_, index) => file(`${index}.txt`));
    const outcomes = await upload(paths, { signal: stop.signal });
    expect(outcomes.every(({ status }) => status === 'not-uploaded')).toBe(true);
    expect(calls.filter((call) => call.startsWith('object-store.put')).length).toBeLessThanOrEqual(4);
  });

  it('fails with the problem of the bucket once the uploads under way have ended', async () => {
    let ended = 0;
    onCall = ({ operation, subject }) => {
      if (operation !== 'object-store.put') return;
      if (subject === '0.txt') throw new AdapterError('access-denied', 'No s3:PutObject.');
    };
    const paths = Array.from({ length: 100 }, (_, index) => file(`${index}.txt`));
    const outcome = upload(paths, { onFile: () => (ended += 1) });
    await expect(outcome).rejects.toMatchObject({ code: 'access-denied' });
    expect(ended).toBe(99);
    expect(calls.filter((call) => call.startsWith('object-store.put')).length).toBeLessThanOrEqual(4);
  });
});
