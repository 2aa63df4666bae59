/** S3 allows no longer key. */
const MAX_KEY_BYTES = 1024;

/** What S3 leaves as it is in the key of a notification; everything else it form-encodes, a space as `+`. */
const LITERAL = /[A-Za-z0-9.\-*_/]/;

/**
 * Decodes the key of a notification once, as form data: `+` is a space, `%2B` a plus. A key that S3 could not
 * have written (bad `%`, not UTF-8, see {@link checkKey}) gives `undefined`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function decodeFormKey(encoded: string): string | undefined {
  try {
    return checkKey(decodeForm(encoded));
  } catch {
    return undefined;
  }
}

/**
 * Reads a key from a listing that was requested with `EncodingType: 'url'`: S3 then form-encodes it, and says
 * so in the response. A store that does not know the option says nothing and sends the key as it is.
 */
export function decodeListedKey(key: string, encodingType: string | undefined): string {
  return encodingType === 'url' ? decodeForm(key) : key;
}

function decodeForm(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** What {@link checkKey} accepts, for messages: "Expected a key of …". */
export const KEY_FORM = '1 to 1,024 bytes of UTF-8 without NUL';

/**
 * Returns the key if the pipeline accepts it: 1 to 1,024 bytes of well-formed Unicode without NUL; otherwise
 * `undefined`. S3 advises against all control characters. Only NUL is refused, because it separates the parts
 * of a job's identity, and programs in C end a string there.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export function checkKey(key: string): string | undefined {
  if (key === '' || key.includes('\0') || /\p{Surrogate}/u.test(key)) return undefined;
  return new TextEncoder().encode(key).length > MAX_KEY_BYTES ? undefined : key;
}

/** Encodes a key as S3 does in its notifications: the inverse of {@link decodeFormKey}. */
export function encodeFormKey(key: string): string {
  return Array.from(key, (character) => {
    if (LITERAL.test(character) && character.length === 1) return character;
    if (character === ' ') return '+';
    const bytes = [...new TextEncoder().encode(character)];
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  }).join('');
}

/** How the names of compressed texts end, after the suffix of the text itself. */
export const COMPRESSION_SUFFIXES: readonly string[] = ['.gz', '.zst'];

/**
 * The endings of keys that a configured suffix stands for: the suffix itself, and the suffix followed by that
 * of a compression, because workers open gzip and zstd. None of them ends with another one, because S3
 * refuses notifications whose filters overlap.
 *
 * @example
 * textSuffixes('.txt'); // ['.txt', '.txt.gz', '.txt.zst']
 * textSuffixes(''); // ['']: every key
 */
export function textSuffixes(suffix: string): readonly string[] {
  const compressed = COMPRESSION_SUFFIXES.map((end) => suffix + end).filter((end) => !end.endsWith(suffix));
  return [suffix, ...compressed];
}

/** Whether a key is that of a text: whether it ends with one of {@link textSuffixes}. */
export function isTextKey(key: string, suffix: string): boolean {
  return textSuffixes(suffix).some((end) => key.endsWith(end));
}
