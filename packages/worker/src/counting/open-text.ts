import type { ObjectInfo } from '@org/wordfreq-aws-adapters/ports';
import { type DecompressOptions, decompress } from '@org/wordfreq-core/decompress';
import { JobError } from '../jobs/job-error.ts';

/** Limits of a text. */
export interface TextLimits {
  readonly maxBytes: number;
  /** Above `freeBytes`, only a decompression bomb is this many times its compressed size. Default: 200. */
  readonly maxRatio?: number;
  /**
   * A text up to this size may have any ratio: short repetitive texts are legitimate. Default: 67,108,864.
   */
  readonly freeBytes?: number;
}

/**
 * An object's text, decompressed if necessary while it is read. `wordfreq count` opens texts with the same
 * decoder.
 *
 * @throws JobError `object-too-large`, `decompressed-too-large`; WordfreqError `corrupt-compression`,
 * `unsupported-encoding`; and what `bytes` throws
 */
export async function* openText(
  info: ObjectInfo,
  bytes: AsyncIterable<Uint8Array>,
  limits: TextLimits,
): AsyncGenerator<Uint8Array> {
  const { key: name, contentEncoding } = info;
  const onProgress: DecompressOptions['onProgress'] = ({ compressedBytes, textBytes }) =>
    assertRatio(compressedBytes, textBytes, limits);
  yield* decompress(sizeChecked(info, bytes, limits), { name, contentEncoding, onProgress });
}

/**
 * Refuses an object that is too large only after its body was opened, because it must be closed; otherwise
 * its connection would stay busy.
 */
async function* sizeChecked(
  info: ObjectInfo,
  bytes: AsyncIterable<Uint8Array>,
  { maxBytes }: TextLimits,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    if (info.sizeBytes > maxBytes) {
      throw new JobError(
        'object-too-large',
        `Expected at most ${maxBytes} bytes, got ${info.sizeBytes}. Raise MAX_OBJECT_BYTES or split the object.`,
      );
    }
    yield chunk;
  }
}

function assertRatio(compressedBytes: number, textBytes: number, limits: TextLimits): void {
  const { maxBytes, maxRatio = 200, freeBytes = 64 * 1024 * 1024 } = limits;
  if (textBytes > maxBytes) {
    throw new JobError(
      'decompressed-too-large',
      `Expected at most ${maxBytes} bytes after decompression, got more. Raise MAX_OBJECT_BYTES or split the object.`,
    );
  }
  if (textBytes > freeBytes && textBytes > compressedBytes * maxRatio) {
    throw new JobError(
      'decompressed-too-large',
      `Expected at most ${maxRatio} bytes of text per compressed byte, but ${compressedBytes} became more than ${textBytes}.` +
        ' Store the text uncompressed.',
    );
  }
}
