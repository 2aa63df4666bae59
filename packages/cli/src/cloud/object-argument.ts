/** A key as a person gives it: alone, or as `s3://bucket/key`. */
export interface ObjectArgument {
  readonly bucket?: string;
  readonly key: string;
}

/** Reads a key or an `s3://` address. A key may begin with anything else, also with a slash. */
export function objectArgument(given: string): ObjectArgument {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(given) ?? [];
  return bucket === undefined || key === undefined ? { key: given } : { bucket, key };
}
