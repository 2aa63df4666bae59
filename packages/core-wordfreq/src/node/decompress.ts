import type { Transform } from 'node:stream';
import { WordfreqError } from '../errors.ts';
import { ChunkReader } from './chunk-reader.ts';
import {
  type CompressionFormat,
  formatOf,
  promisedFormat,
  SIGNATURE_BYTES,
  type StoredText,
} from './compression-format.ts';

export { WordfreqError, type WordfreqErrorCode } from '../errors.ts';
export { COMPRESSION_SUFFIXES, type StoredText } from './compression-format.ts';

/** The progress of decompression. */
interface DecompressProgress {
  /** The number of bytes that were read from the source. */
  readonly compressedBytes: number;
  /** The number of bytes of text so far, with the piece that comes next. */
  readonly textBytes: number;
}

/** What is known about the bytes, and a callback for progress. */
export interface DecompressOptions extends StoredText {
  /**
   * Called before each piece of decompressed text is returned. It may throw to stop, for instance at a limit.
   */
  readonly onProgress?: ((progress: DecompressProgress) => void) | undefined;
}

/**
 * Yields the text in some bytes, in constant memory: gzip and zstd are decompressed, other bytes pass unchanged.
 * The bytes decide, so compressed text is opened under any name. Bytes that are not compressed although their
 * content encoding or name says so are refused.
 *
 * `options` are read once the first bytes have come, so a source may set them until then.
 *
 * Several gzip members (RFC 1952 §2.2) or zstd frames (RFC 8878 §3), skippable ones included, are one text,
 * and zero bytes may follow the last gzip member, as for `gzip -d`. Refused are other bytes there, what ends
 * early, no bytes at all, and what was compressed twice.
 *
 * @throws WordfreqError `corrupt-compression`; `unsupported-encoding`, also for zstd before Node 22.15; and
 * what `source` throws
 * @example
 * import { createReadStream } from 'node:fs';
 * await countWords(decompress(createReadStream('book.txt.gz'), { name: 'book.txt.gz' }));
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array> {
  const bytes = new ChunkReader(source);
  try {
    // This comes before any refusal: only a source that was started can be closed, and an open one may hold a
    // connection.
    const first = await bytes.peek(SIGNATURE_BYTES);
    const promised = promisedFormat(options);
    const format = formatOf(first);
    if (format !== undefined) yield* textOf(bytes, format, options);
    else if (promised === undefined) yield* bytes.rest();
    else {
      const problem = first.length === 0 ? 'there are no bytes' : 'the bytes are something else';
      throw corrupt(promised, `${problem}, although the name or the content encoding promises ${promised}`);
    }
  } finally {
    await bytes.close();
  }
}

/** Whether {@link decompress} would decompress or refuse a text with these first bytes (at least four). */
export function isCompressed(first: Uint8Array, stored: StoredText = {}): boolean {
  return formatOf(first) !== undefined || promisedFormat(stored) !== undefined;
}

/** Decompresses, and refuses text that is still compressed, because its words would be noise. */
async function* textOf(
  bytes: ChunkReader,
  format: CompressionFormat,
  { onProgress }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  let textBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of framesOf(bytes, format)) {
      textBytes += chunk.length;
      onProgress?.({ compressedBytes: bytes.takenBytes, textBytes });
      yield chunk;
    }
  }
  const text = new ChunkReader(counted());
  try {
    const inner = formatOf(await text.peek(SIGNATURE_BYTES));
    if (inner !== undefined) {
      throw new WordfreqError(
        'unsupported-encoding',
        `Expected text in the ${format} data, got ${inner} data again. Compress the text once.`,
      );
    }
    yield* text.rest();
  } finally {
    await text.close();
  }
}

async function* framesOf(bytes: ChunkReader, format: CompressionFormat): AsyncGenerator<Uint8Array> {
  try {
    let rest = await bytes.next();
    while (rest !== undefined) {
      const { takenBytes } = bytes;
      const decoder = await createDecoder(format);
      const feeding = feed(decoder, rest, bytes);
      try {
        yield* decoder as AsyncIterable<Uint8Array>;
      } finally {
        decoder.destroy();
      }
      const left = await feeding;
      if (format === 'gzip' && left?.[0] === 0) {
        await requireZeros(left, bytes);
        return;
      }
      if (left?.length === rest.length && bytes.takenBytes === takenBytes) {
        throw corrupt(format, 'other bytes follow their end');
      }
      rest = left;
    }
  } catch (error) {
    throw isZlibError(error) ? corrupt(format, problemOf(error), error) : error;
  }
}

/** Tape drives and block devices pad their last block with zeros. */
async function requireZeros(first: Uint8Array, bytes: ChunkReader): Promise<void> {
  let chunk: Uint8Array | undefined = first;
  for (; chunk !== undefined; chunk = await bytes.next()) {
    if (chunk.some((byte) => byte !== 0)) throw corrupt('gzip', 'other bytes than zeros follow their end');
  }
}

type Decoder = Transform & { readonly bytesWritten?: number };

/**
 * Gives bytes to a decoder until the source or the decoder's frame ends, and returns what is left for the
 * next frame. Node's zstd stream ends at the end of a frame inside a chunk and drops the rest of the chunk;
 * only `bytesWritten` tells.
 */
async function feed(
  decoder: Decoder,
  first: Uint8Array,
  bytes: ChunkReader,
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
      chunk = await bytes.next();
    }
    decoder.end();
    return undefined;
  } catch (error) {
    // The reader of the decoder gets the error.
    decoder.destroy(error as Error);
    return undefined;
  }
}

/** Loads zlib only here: a program that counts plain text starts sooner without it. */
async function createDecoder(format: CompressionFormat): Promise<Decoder> {
  const zlib = await import('node:zlib');
  if (format === 'gzip') return zlib.createGunzip();
  if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress();
  throw new WordfreqError(
    'unsupported-encoding',
    `Expected Node.js 22.15 or newer for zstd, got ${process.version}. Update it, or compress with gzip.`,
  );
}

/** zlib's codes are its own; an error of the source has another, or says whether it is retryable. */
function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  const { code, retryable } = (error ?? {}) as { code?: unknown; retryable?: unknown };
  return retryable === undefined && typeof code === 'string' && /^(Z_|ZSTD_)/.test(code);
}

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  return code === 'Z_BUF_ERROR' ? 'they end early' : `they are damaged (${message})`;
}

function corrupt(format: CompressionFormat, problem: string, cause?: unknown): WordfreqError {
  return new WordfreqError(
    'corrupt-compression',
    `Expected whole ${format} data, but ${problem}. Store the text itself, or compress it again.`,
    undefined,
    cause === undefined ? {} : { cause },
  );
}
