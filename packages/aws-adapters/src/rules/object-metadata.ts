/** The most user metadata that S3 accepts with an object. */
const MAX_METADATA_BYTES = 2048;

/**
 * How S3 measures user metadata: the UTF-8 bytes of names, without `x-amz-meta-`, and values ("Working with
 * object metadata", S3 User Guide).
 */
function metadataBytes(entries: Iterable<readonly [name: string, value: string]>): number {
  const encoder = new TextEncoder();
  let bytes = 0;
  for (const [name, value] of entries) bytes += encoder.encode(name + value).length;
  return bytes;
}

/**
 * The user metadata of a copy: everything that is added, and as much of the source's own, in its order, as S3
 * still allows. An added value replaces the source's.
 */
export function metadataOfCopy(
  source: ReadonlyMap<string, string>,
  added: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  let left = MAX_METADATA_BYTES - metadataBytes(added);
  const kept = [...source].filter(([name, value]) => {
    if (added.has(name)) return false;
    const bytes = metadataBytes([[name, value]]);
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return new Map([...kept, ...added]);
}
