const PRINTABLE_ASCII = /^[\x20-\x7E]*$/;
const ENCODED_WORD = /^=\?UTF-8\?([BQ])\?(.*)\?=$/i;

/**
 * User metadata travels in HTTP headers, so other characters than printable ASCII are written as an RFC 2047 encoded
 * word, which is also how S3 itself answers with them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function encodeMetadata(metadata: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...metadata].map(([name, value]) => [
      name,
      PRINTABLE_ASCII.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`,
    ]),
  );
}

/** The inverse of {@link encodeMetadata}. */
export function decodeMetadata(metadata: Record<string, string> | undefined): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), decodeValue(value)]),
  );
}

function decodeValue(value: string): string {
  const [, form, text = ''] = ENCODED_WORD.exec(value) ?? [];
  if (form === undefined) return value;
  if (form.toUpperCase() === 'B') return Buffer.from(text, 'base64').toString();
  const escaped = text.replaceAll('_', ' ').replace(/=([0-9A-F]{2})/gi, (_match, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
  return Buffer.from(escaped, 'latin1').toString();
}
