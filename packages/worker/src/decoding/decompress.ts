import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import type { CodedError } from '@org/wordfreq-aws-adapters/ports';
import { JobError } from '../job-error.ts';
import type { Compression } from './compression.ts';

/** How much may come out. */
export interface DecompressionLimits {
  readonly maxBytes: number;
  /** Above `freeBytes` no text is so many times larger than its compressed form; a bomb is. Default: 200. */
  readonly maxRatio?: number;
  /** So much may come out at any ratio: short repetitive texts are honest. Default: 67,108,864. */
  readonly freeBytes?: number;
}

/**
 * Decompresses while reading, in constant memory. Several gzip members (RFC 1952 §2.2) or zstd frames (RFC 8878 §3) in a row are one
 * text.
 *
 * @throws JobError `corrupt-compression`, `decompressed-too-large`, `unsupported-encoding`; and what `bytes` throws
 */
export async function* decompress(
  bytes: AsyncIterable<Uint8Array>,
  compression: Compression,
  limits: DecompressionLimits,
): AsyncGenerator<Uint8Array> {
  const source = new Source(bytes);
  let given = 0;
  try {
    let rest = await source.next();
    if (rest === undefined) throw corrupt(compression, 'it is empty');
    while (rest !== undefined) {
      const { taken } = source;
      const decoder = createDecoder(compression);
      const feeding = feed(decoder, rest, source);
      try {
        for await (const chunk of decoder as AsyncIterable<Uint8Array>) {
          given += chunk.length;
          requireHonest(source.taken, given, limits);
          yield chunk;
        }
      } finally {
        decoder.destroy();
      }
      const left: Uint8Array | undefined = await feeding;
      if (left?.length === rest.length && source.taken === taken)
        throw corrupt(compression, 'no frame begins');
      rest = left;
    }
  } catch (error) {
    throw isZlibError(error) ? corrupt(compression, (error as Error).message, error) : error;
  } finally {
    await source.close();
  }
}

/** The compressed bytes, with a count of those that were taken. */
class Source {
  taken = 0;
  readonly #iterator: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#iterator = bytes[Symbol.asyncIterator]();
  }

  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await this.#iterator.next();
      if (done === true) return undefined;
      this.taken += value.length;
      if (value.length > 0) return value;
    }
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/**
 * Gives bytes to a decoder until the source or the decoder's frame ends, and answers what is left for the next frame. Node's zstd
 * stream ends at the end of a frame inside a chunk and drops the rest of the chunk; only `bytesWritten` tells.
 */
async function feed(
  decoder: Transform & { readonly bytesWritten?: number },
  first: Uint8Array,
  source: Source,
): Promise<Uint8Array | undefined> {
  let proceed = (): void => undefined;
  decoder.once('close', () => proceed()).once('end', () => proceed());
  let chunk: Uint8Array | undefined = first;
  try {
    while (chunk !== undefined) {
      const before = decoder.bytesWritten ?? 0;
      const given = chunk;
      await new Promise<void>((resolve) => {
        proceed = resolve;
        decoder.write(given, () => resolve());
      });
      if (decoder.destroyed && !decoder.readableEnded) return undefined;
      const used = (decoder.bytesWritten ?? 0) - before;
      if (used < given.length) return given.subarray(used);
      chunk = await source.next();
    }
    decoder.end();
    return undefined;
  } catch (error) {
    // The reader of the decoder gets it.
    decoder.destroy(error as Error);
    return undefined;
  }
}

function createDecoder(compression: Compression): Transform & { readonly bytesWritten?: number } {
  if (compression === 'gzip') return zlib.createGunzip();
  // Node has it since 22.15.
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress();
  throw new JobError(
    'unsupported-encoding',
    `Expected a Node.js that reads zstd (22.15 or newer), got ${process.version}. Update it, or compress with gzip.`,
  );
}

function requireHonest(taken: number, given: number, limits: DecompressionLimits): void {
  const { maxBytes, maxRatio = 200, freeBytes = 64 * 1024 * 1024 } = limits;
  if (given > maxBytes) {
    throw new JobError(
      'decompressed-too-large',
      `Expected at most ${maxBytes} bytes after decompression, got more. Raise MAX_OBJECT_BYTES or split the object.`,
    );
  }
  if (given > freeBytes && given > taken * maxRatio) {
    throw new JobError(
      'decompressed-too-large',
      `Expected at most ${maxRatio} bytes of text per compressed byte, but ${taken} became more than ${given}.` +
        ' Store the text uncompressed.',
    );
  }
}

/** zlib's codes are its own; a port's error also says whether it is retryable. */
function isZlibError(error: unknown): boolean {
  const { code, retryable } = (error ?? {}) as Partial<CodedError>;
  return retryable === undefined && typeof code === 'string' && /^(Z_|ZSTD_)/.test(code);
}

function corrupt(compression: Compression, problem: string, cause?: unknown): JobError {
  return new JobError(
    'corrupt-compression',
    `Expected a whole ${compression} stream, but it is damaged or ends early (${problem}). Upload the object again.`,
    cause === undefined ? {} : { cause },
  );
}
