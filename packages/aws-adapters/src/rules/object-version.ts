/**
 * A version id, if it pins a version. `null` is the version of a bucket whose versioning is off or suspended: it can be overwritten.
 * Stores and events leave an id out, say `null`, or send an empty text.
 */
export function pinnedVersionId(versionId: string | null | undefined): string | undefined {
  return versionId === null || versionId === '' || versionId === 'null' ? undefined : versionId;
}

/** An ETag without the quotes that HTTP puts around it, if there is one. */
export function plainETag(eTag: string | null | undefined): string | undefined {
  const plain = eTag?.replaceAll('"', '');
  return plain === '' ? undefined : plain;
}
