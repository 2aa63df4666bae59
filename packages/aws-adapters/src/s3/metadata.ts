const PRINTABLE_ASCII = /^[\x20-\x7E]*$/;

/**
 * An encoded word of RFC 2047 §2: its charset, perhaps with a language (RFC 2231 §5), its encoding and its
 * text.
 */
const WORD = String.raw`=\?([^?*\s]+)(?:\*[^?\s]*)?\?([BQ])\?([^?\s]*)\?=`;
const WORDS = new RegExp(WORD, 'gi');
/** Words stand apart from other text; white space between two of them does not count (§6.2). */
const ADJACENT_WORDS = new RegExp(String.raw`(?<!\S)${WORD}(?:\s+${WORD})*(?!\S)`, 'gi');

/** Whether an HTTP header carries a text as it is. */
export function fitsHeader(text: string): boolean {
  return PRINTABLE_ASCII.test(text);
}

/**
 * User metadata travels in HTTP headers, so other characters than printable ASCII are written as an RFC 2047
 * encoded word, which is also how S3 itself returns them.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function encodeMetadata(metadata: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...metadata].map(([name, value]) => [
      name,
      fitsHeader(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`,
    ]),
  );
}

/** The inverse of {@link encodeMetadata}, for whatever words other clients write. */
export function decodeMetadata(metadata: Record<string, string> | undefined): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(metadata ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      value.replace(ADJACENT_WORDS, decodeWords),
    ]),
  );
}

/** Decodes adjacent words; in a charset that Node does not know they stay as they are. */
function decodeWords(words: string): string {
  const runs: { readonly charset: string; bytes: Buffer }[] = [];
  for (const [, charset = '', encoding = '', text = ''] of words.matchAll(WORDS)) {
    const bytes = encoding.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : unescapeQ(text);
    const last = runs.at(-1);
    // Some clients cut a text in the middle of a character, so words of one charset are decoded together.
    if (last?.charset.toLowerCase() === charset.toLowerCase())
      last.bytes = Buffer.concat([last.bytes, bytes]);
    else runs.push({ charset, bytes });
  }
  try {
    return runs
      .map(({ charset, bytes }) => new TextDecoder(charset, { ignoreBOM: true }).decode(bytes))
      .join('');
  } catch {
    return words;
  }
}

/** The bytes of the "Q" encoding (§4.2). */
function unescapeQ(text: string): Buffer {
  const unescaped = text
    .replaceAll('_', ' ')
    .replace(/=([0-9A-F]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(unescaped, 'latin1');
}
