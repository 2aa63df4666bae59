import type { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { AdapterError, isCoded, toAdapterError } from '../errors/index.ts';
import { type PreparedCalls, prepareCalls, unlessAborted } from '../errors/prepared-calls.ts';
import type { ObjectBody, ObjectInfo, ObjectVersion, ReadOptions } from '../ports/index.ts';
import { retryDelay } from '../rules/retry-delay.ts';
import { WAIT_IS_OVER } from '../rules/wait-is-over.ts';
import { headObject, type S3Context, toObjectInfo, versionInput } from './head-object.ts';

/** Requests an object of a bucket. */
export type GetObject = PreparedCalls<GetObjectCommand, GetObjectCommandOutput>;

/** Creates a function that requests objects. */
export function createGetObject(client: S3Client): GetObject {
  return prepareCalls((command) => command.resolveMiddleware(client.middlewareStack, client.config, {}));
}

/** What reading needs, and how patient it is. */
export interface ReadPolicy {
  readonly get: GetObject;
  /** How long to wait for the next bytes before the connection counts as stalled. */
  readonly idleTimeoutMs: number;
  /** How many resumptions in a row may bring no byte before reading gives up. */
  readonly maxResumptions: number;
  /** Pause before the first resumption; doubles each time that no byte came. */
  readonly resumeDelayMs: number;
}

interface OpenBody {
  readonly info: ObjectInfo;
  readonly stream: Readable;
}

/** The bytes that are wanted: from `next` up to `end`, which is not included. */
interface Window {
  next: number;
  readonly end: number;
}

/** Opens one object version; its bytes survive broken and stalled connections. */
export async function readObject(
  context: S3Context,
  policy: ReadPolicy,
  object: ObjectVersion,
  options: ReadOptions = {},
): Promise<ObjectBody> {
  const { offset = 0, length, signal } = options;
  if (length === 0) return emptyBody(context, object, signal);
  const range = rangeHeader(offset, length);
  let first: OpenBody;
  try {
    first = await open(policy.get, versionInput(context, object), object, range, signal);
  } catch (error) {
    if (isBeyondEnd(error)) return emptyBody(context, object, signal);
    throw error;
  }
  const { info } = first;
  const end = length === undefined ? info.sizeBytes : Math.min(info.sizeBytes, offset + length);
  return { info, bytes: resumed(context, policy, first, { next: offset, end }, signal) };
}

function rangeHeader(offset: number, length: number | undefined): string | undefined {
  if (length !== undefined) return `bytes=${offset}-${offset + length - 1}`;
  return offset === 0 ? undefined : `bytes=${offset}-`;
}

/** An offset at or after the end is not an error for a reader: there is nothing to read. */
async function emptyBody(
  context: S3Context,
  object: ObjectVersion,
  signal: AbortSignal | undefined,
): Promise<ObjectBody> {
  const { info } = await headObject(context, object, signal === undefined ? {} : { signal });
  return { info, bytes: noBytes() };
}

async function* noBytes(): AsyncIterable<Uint8Array> {}

function isBeyondEnd(error: unknown): boolean {
  return error instanceof Error && (error.cause as Error | undefined)?.name === 'InvalidRange';
}

async function open(
  get: GetObject,
  pin: ReturnType<typeof versionInput>,
  object: ObjectVersion,
  range: string | undefined,
  signal: AbortSignal | undefined,
): Promise<OpenBody> {
  const input = { ...pin, ...(range === undefined ? {} : { Range: range }) };
  let output: GetObjectCommandOutput | undefined;
  try {
    const call = (): Promise<GetObjectCommandOutput> => get(pin.Bucket, new GetObjectCommand(input));
    output = await unlessAborted(signal, call, ({ Body }) => (Body as Readable | undefined)?.destroy());
    return { info: toObjectInfo(object, output), stream: output.Body as Readable };
  } catch (error) {
    (output?.Body as Readable | undefined)?.destroy();
    throw toAdapterError(error, { operation: `read s3://${object.bucket}/${object.key}`, object, signal });
  }
}

async function* resumed(
  context: S3Context,
  policy: ReadPolicy,
  first: OpenBody,
  window: Window,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  const { info } = first;
  let body: OpenBody | undefined = first;
  let fruitless = 0;
  while (window.next < window.end || body !== undefined) {
    const before = window.next;
    try {
      body ??= await reopen(context, policy, info, window, signal);
      yield* drain(context, policy, body.stream, window, signal);
      return;
    } catch (error) {
      refuseToResume(error, info, window, signal);
      fruitless = window.next > before ? 0 : fruitless + 1;
      if (fruitless > policy.maxResumptions) throw truncated(error, info, window);
      await context.clock.sleep(retryDelay(fruitless + 1, policy.resumeDelayMs), signal);
      body = undefined;
    }
  }
}

/** Continues where the bytes stopped, with the very same version of the object. */
function reopen(
  context: S3Context,
  { get }: ReadPolicy,
  info: ObjectInfo,
  window: Window,
  signal: AbortSignal | undefined,
): Promise<OpenBody> {
  // By version id, or else by If-Match: `info` has the ETag that the first answer stated, whatever was asked
  // for.
  const range = `bytes=${window.next}-${window.end - 1}`;
  return open(get, versionInput(context, info), info, range, signal);
}

/** Passes bytes on until exactly the wanted number has come. */
async function* drain(
  context: S3Context,
  policy: ReadPolicy,
  stream: Readable,
  window: Window,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  const abort = (): void => void stream.destroy(new Error('The caller aborted the call.'));
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const wait = { number: 0, isOver: true };
  const ended = new AbortController();
  void endWhenStalled(context, policy, stream, wait, ended.signal);
  try {
    for (;;) {
      wait.number += 1;
      wait.isOver = false;
      const { done, value } = await chunks.next();
      wait.isOver = true;
      if (done === true) break;
      window.next += value.length;
      if (window.next > window.end)
        throw new Error(`More bytes came than the ${window.end} that were stated.`);
      yield value;
    }
    if (window.next < window.end) throw new Error('The body ended too early.');
  } finally {
    signal?.removeEventListener('abort', abort);
    ended.abort(WAIT_IS_OVER);
    stream.destroy();
  }
}

/**
 * Destroys a stream that yields nothing for `idleTimeoutMs`, at most twice as long, while somebody waits for
 * it. The wait then ends with an error. One timer for all chunks: most bodies are small.
 */
async function endWhenStalled(
  { clock }: S3Context,
  { idleTimeoutMs }: ReadPolicy,
  stream: Readable,
  wait: { readonly number: number; readonly isOver: boolean },
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    const { number, isOver } = wait;
    await clock.sleep(idleTimeoutMs, ended);
    if (!isOver && !wait.isOver && wait.number === number && !ended.aborted)
      return void stream.destroy(new Error(`No byte came for ${idleTimeoutMs} ms.`));
  }
}

/**
 * Throws what no resumption can heal: an abort, a permanent refusal, bytes that are wrong rather than
 * missing.
 */
function refuseToResume(
  error: unknown,
  info: ObjectInfo,
  window: Window,
  signal: AbortSignal | undefined,
): void {
  const operation = `read s3://${info.bucket}/${info.key}`;
  if (signal?.aborted === true) throw toAdapterError(error, { operation, object: info, signal });
  if (isCoded(error) && !error.retryable) throw error;
  // Every byte came, and still the SDK complains: the checksum is wrong. Only reading all of it again can
  // help.
  if (window.next >= window.end) throw toAdapterError(error, { operation, object: info, answered: true });
}

function truncated(cause: unknown, info: ObjectInfo, window: Window): AdapterError {
  const problem = `Expected the bytes of s3://${info.bucket}/${info.key} up to ${window.end}, but only ${window.next} came.`;
  return new AdapterError('truncated', problem, { cause, object: info });
}
