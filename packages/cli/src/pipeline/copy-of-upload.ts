import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type { CallOptions, ObjectReader, ObjectSummary, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { type CopySource, copySource } from '@org/wordfreq-aws-adapters/rules';

/**
 * Whether what the workers read under a key is the upload as it is now. What somebody put there directly has
 * no source; it counts unless the upload is newer.
 */
export function isCopyOf(
  upload: { readonly eTag?: string; readonly versionId?: string; readonly lastModified: Date },
  copy: { readonly source?: CopySource | undefined; readonly lastModified: Date },
): boolean {
  const { source } = copy;
  if (source === undefined) return copy.lastModified >= upload.lastModified;
  return source.versionId === undefined || upload.versionId === undefined
    ? source.eTag === upload.eTag
    : source.versionId === upload.versionId;
}

/** Where copies are, and what is known of those that are there no longer. */
export interface CopiesOptions extends CallOptions {
  readonly objects: Pick<ObjectReader, 'head'>;
  readonly results: Pick<ResultStore, 'versions'>;
  readonly processingBucket: string;
}

/**
 * Whether an upload, as it is now, has been copied: its copy is there, or was counted before somebody deleted
 * it.
 */
export async function isCopied(
  upload: ObjectSummary,
  { objects, results, processingBucket: bucket, ...call }: CopiesOptions,
): Promise<boolean> {
  const { key, eTag } = upload;
  try {
    const { metadata, lastModified } = await objects.head({ bucket, key }, call);
    if (isCopyOf(upload, { source: copySource(metadata), lastModified })) return true;
  } catch (error) {
    if (!isCoded(error) || error.code !== 'not-found') throw error;
  }
  return (await results.versions(bucket, key, call)).some(
    (version) => version.eTag === eTag && version.outcome !== undefined,
  );
}
