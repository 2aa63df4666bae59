/** Where the copy Lambda copied an object from. */
export interface CopySource {
  /** The bucket of the upload. */
  readonly bucket: string;
  /** The upload's ETag, without quotes. */
  readonly eTag?: string;
  /** The upload's version id, where its bucket has versions. */
  readonly versionId?: string;
  /** S3's sequencer of the upload's event, where it was known. */
  readonly sequencer?: string;
}

/** The metadata of a copy that names its source; the names are public contract. */
const NAMES = {
  bucket: 'source-bucket',
  eTag: 'source-etag',
  versionId: 'source-version-id',
  sequencer: 'source-sequencer',
} as const;

/** The metadata that marks a copy with its source. */
export function copySourceMetadata(source: CopySource): ReadonlyMap<string, string> {
  const members = Object.keys(NAMES) as (keyof CopySource)[];
  return new Map(
    members.flatMap((member) => {
      const value = source[member];
      return value === undefined ? [] : [[NAMES[member], value] as const];
    }),
  );
}

/** Reads what {@link copySourceMetadata} wrote; undefined for an object that is not a copy. */
export function copySource(metadata: ReadonlyMap<string, string>): CopySource | undefined {
  const bucket = metadata.get(NAMES.bucket);
  if (bucket === undefined) return undefined;
  const eTag = metadata.get(NAMES.eTag);
  const versionId = metadata.get(NAMES.versionId);
  const sequencer = metadata.get(NAMES.sequencer);
  return {
    bucket,
    ...(eTag === undefined ? {} : { eTag }),
    ...(versionId === undefined ? {} : { versionId }),
    ...(sequencer === undefined ? {} : { sequencer }),
  };
}
