import type { ObjectInfo } from '@org/wordfreq-aws-adapters/ports';
import { JobError } from '../job-error.ts';

/** A compression that texts are stored in. */
export type Compression = 'gzip' | 'zstd';

/** Names of content codings (RFC 9110 §8.4.1, RFC 8878), and what S3 clients write beside them. */
const CODINGS: ReadonlyMap<string, Compression | undefined> = new Map<string, Compression | undefined>([
  ['', undefined],
  ['identity', undefined],
  // How the upload was framed; S3 has unframed it.
  ['aws-chunked', undefined],
  // No coding at all, but a common mistake.
  ['utf-8', undefined],
  ['gzip', 'gzip'],
  ['x-gzip', 'gzip'],
  ['zstd', 'zstd'],
]);

const SUFFIXES: readonly (readonly [suffix: string, compression: Compression])[] = [
  ['.gz', 'gzip'],
  ['.zst', 'zstd'],
];

/**
 * How an object is compressed: by its content encoding, or else by the suffix of its key.
 *
 * @throws JobError `unsupported-encoding`
 */
export function compressionOf(info: Pick<ObjectInfo, 'key' | 'contentEncoding'>): Compression | undefined {
  const stated = (info.contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim());
  const found: Compression[] = [];
  for (const coding of stated) {
    if (!CODINGS.has(coding)) throw unsupported(info.contentEncoding ?? '');
    const compression = CODINGS.get(coding);
    if (compression !== undefined) found.push(compression);
  }
  if (found.length > 1) throw unsupported(info.contentEncoding ?? '');
  return found[0] ?? SUFFIXES.find(([suffix]) => info.key.endsWith(suffix))?.[1];
}

function unsupported(contentEncoding: string): JobError {
  return new JobError(
    'unsupported-encoding',
    `Expected a content encoding of gzip, zstd or none, got ${JSON.stringify(contentEncoding)}.` +
      ' Store the text itself, or compress it with gzip.',
  );
}
