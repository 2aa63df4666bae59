import { WordfreqError } from '../errors.ts';

/** A compression that is supported. */
export type CompressionFormat = 'gzip' | 'zstd';

/** What a store knows about a text apart from its bytes. */
export interface StoredText {
  /**
   * The name of a file or the key of an object. If it ends in `.gz` or `.zst`, in upper or lower case, the
   * text must be compressed.
   */
  readonly name?: string | undefined;
  /** The `Content-Encoding` that is stored with the text, such as `gzip`. */
  readonly contentEncoding?: string | undefined;
}

/** Suffixes of names that promise a compression. */
const BY_SUFFIX: ReadonlyMap<string, CompressionFormat> = new Map([
  ['.gz', 'gzip'],
  ['.zst', 'zstd'],
]);

/** Content codings (RFC 9110 §8.4.1, RFC 8878), and what S3 clients write beside them. */
const BY_CODING: ReadonlyMap<string, CompressionFormat | undefined> = new Map([
  ['', undefined],
  ['identity', undefined],
  // The framing of an upload, which S3 has removed.
  ['aws-chunked', undefined],
  // Not a content coding, but often given as one.
  ['utf-8', undefined],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['zstd', 'zstd'],
]);

/** The first bytes of a text that decide its format. */
export const SIGNATURE_BYTES = 4;

/** The suffixes of names that promise a compression. */
export const COMPRESSION_SUFFIXES: readonly string[] = [...BY_SUFFIX.keys()];

/**
 * Returns the compression of bytes by their signature (RFC 1952 §2.3.1, RFC 8878 §3.1); a skippable zstd
 * frame is zstd, too.
 */
export function formatOf([a, b, c, d]: Uint8Array): CompressionFormat | undefined {
  if (a === 0x1f && b === 0x8b) return 'gzip';
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd';
  if (a !== undefined && a >> 4 === 0x5 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd';
  return undefined;
}

/**
 * Returns the compression that a text should have by its content encoding, or else by its name.
 *
 * @throws WordfreqError `unsupported-encoding`: a content coding other than gzip and zstd, or several
 */
export function promisedFormat({
  name = '',
  contentEncoding = '',
}: StoredText): CompressionFormat | undefined {
  const codings = contentEncoding.split(',').map((coding) => coding.trim().toLowerCase());
  const formats = codings.map((coding) => BY_CODING.get(coding)).filter((format) => format !== undefined);
  if (formats.length > 1 || !codings.every((coding) => BY_CODING.has(coding))) {
    throw new WordfreqError(
      'unsupported-encoding',
      `Expected a content encoding of gzip, zstd or none, got ${JSON.stringify(contentEncoding)}.` +
        ' Store the text itself, or compress it once with gzip.',
    );
  }
  const suffix = COMPRESSION_SUFFIXES.find((candidate) => name.toLowerCase().endsWith(candidate));
  return formats[0] ?? BY_SUFFIX.get(suffix ?? '');
}
