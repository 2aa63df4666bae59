import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';

/** How compressed data begins (RFC 1952, RFC 8878). */
const MAGIC = { gzip: [0x1f, 0x8b], zstd: [0x28, 0xb5, 0x2f, 0xfd] } as const;

/** Which compression a name promises. */
const BY_NAME: readonly (readonly [RegExp, keyof typeof MAGIC])[] = [
  [/\.t?gz$/i, 'gzip'],
  [/\.zst$/i, 'zstd'],
];

/**
 * Opens gzip and zstd by what the bytes say, so also on standard input and under any name. Other bytes pass as they are.
 *
 * @throws CliError, exit code 3: the name promises a compression that the bytes are not, or this Node has no zstd; what zlib throws
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const first = await firstBytes(chunks);
    const found = compressionOf(first);
    const promised = promisedBy(name);
    if (promised !== undefined && found !== promised && first.length > 0) {
      throw unreadable(name, `it is not ${promised}, although its name says so`);
    }
    const all = resume(first, chunks);
    yield* found === undefined ? all : opened(all, found, name);
  } finally {
    await chunks.return?.();
  }
}

function compressionOf(first: Uint8Array): keyof typeof MAGIC | undefined {
  const formats = ['gzip', 'zstd'] as const;
  return formats.find((format) => MAGIC[format].every((byte, index) => first[index] === byte));
}

function promisedBy(name: string): keyof typeof MAGIC | undefined {
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
}

/** Whether {@link decompress} has something to do for a text that begins so. */
export function looksCompressed(first: Uint8Array, name: string): boolean {
  return compressionOf(first) !== undefined || promisedBy(name) !== undefined;
}

async function* opened(
  source: AsyncIterable<Uint8Array>,
  format: keyof typeof MAGIC,
  name: string,
): AsyncGenerator<Uint8Array> {
  const [{ pipeline, Readable }, zlib] = await Promise.all([import('node:stream'), import('node:zlib')]);
  if (format === 'zstd' && typeof zlib.createZstdDecompress !== 'function') {
    throw unreadable(name, `zstd needs Node 22.15 or newer, and this is ${process.version}`);
  }
  const plain = format === 'gzip' ? zlib.createGunzip() : zlib.createZstdDecompress();
  // Errors of either side come out where `plain` is read. Chunks are copied, because theirs are used again.
  pipeline(Readable.from(copies(source)), plain, () => undefined);
  yield* plain;
}

async function* copies(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) yield chunk.slice();
}

/** Enough bytes to tell the format, however small the first chunks are. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let length = 0;
  while (length < MAGIC.zstd.length) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    length += value.length;
    kept.push(value.length < MAGIC.zstd.length ? value.slice() : value);
  }
  return kept.length === 1 ? (kept[0] as Uint8Array) : Buffer.concat(kept);
}

async function* resume(first: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (;;) {
    const { done, value } = await chunks.next();
    if (done === true) return;
    yield value;
  }
}

/** One sentence about a text that cannot be read. */
export function unreadable(name: string, reason: string, cause?: unknown): CliError {
  return new CliError(`${name} cannot be read: ${reason}`, {
    exitCode: EXIT_CODES.environment,
    code: 'unreadable',
    hint: 'Check the file, or leave it out.',
    cause,
  });
}
