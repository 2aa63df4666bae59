// The caller has removed the byte order mark at the start of the text; later ones are characters.
const KEEP_MARKS = { ignoreBOM: true } as const;

/**
 * In these encodings, a character may have several bytes. Those after the first are 0x30 or above (Encoding Standard, sections
 * 10 to 14), so a character ends with each byte below.
 */
const MULTIBYTE: ReadonlySet<string> = new Set([
  ...['gbk', 'gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr'],
]);
const LOWEST_TRAIL_BYTE = 0x30;

/** At most this many bytes wait until it is certain where a character ends. */
const MAX_WAITING_BYTES = 4096;

/** The longest part of a character that can be missing its last byte. */
const MAX_PART_BYTES = 3;

/**
 * Returns how many of the bytes can be decoded now; the others wait, because the last character may be
 * incomplete. So decoding needs no state but those bytes.
 */
export function decodableBytes(encoding: string, bytes: Uint8Array): number {
  if (encoding.startsWith('utf-32')) return bytes.length - (bytes.length % 4);
  if (encoding.startsWith('utf-16')) return decodableUtf16(encoding, bytes);
  if (!MULTIBYTE.has(encoding)) return bytes.length;
  const sure = 1 + bytes.findLastIndex((byte) => byte < LOWEST_TRAIL_BYTE);
  if (bytes.length - sure <= MAX_WAITING_BYTES) return sure;
  return sure + decodableByTrial(encoding, bytes.subarray(sure));
}

function decodableUtf16(encoding: string, bytes: Uint8Array): number {
  const even = bytes.length - (bytes.length % 2);
  const high = bytes[encoding === 'utf-16le' ? even - 1 : even - 2] ?? 0;
  return high >= 0xd8 && high <= 0xdb ? even - 2 : even;
}

/** Asks the platform which bytes at the end it would hold back. */
function decodableByTrial(encoding: string, bytes: Uint8Array): number {
  const [text, rest] = decodedAndRest(encoding, bytes);
  for (let part = 0; part <= MAX_PART_BYTES && rest !== ''; part += 1) {
    const [same, none] = decodedAndRest(encoding, bytes.subarray(0, bytes.length - part));
    if (same === text && none === '') return bytes.length - part;
  }
  return bytes.length;
}

function decodedAndRest(encoding: string, bytes: Uint8Array): [text: string, rest: string] {
  const decoder = new TextDecoder(encoding, KEEP_MARKS);
  return [decoder.decode(bytes, { stream: true }), decoder.decode()];
}

/** Decodes whole characters. What is not a character becomes U+FFFD. */
export function decodeText(encoding: string, bytes: Uint8Array): string {
  if (encoding.startsWith('utf-32')) return decodeUtf32(bytes, encoding === 'utf-32le');
  // In two steps, because Node 20 decodes windows-1252 as ISO 8859-1 in one.
  return decodedAndRest(encoding, bytes).join('');
}

function decodeUtf32(bytes: Uint8Array, isLittleEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const units: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const codePoint = view.getUint32(at, isLittleEndian);
    const isCharacter = codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
    units.push(isCharacter ? String.fromCodePoint(codePoint) : '\ufffd');
  }
  if (bytes.length % 4 > 0) units.push('\ufffd');
  return units.join('');
}

/**
 * Returns how many U+FFFD of a decoded text stand for damage: a text in UTF-16 or UTF-32 can have its own.
 */
export function damageOf(encoding: string, bytes: Uint8Array, text: string): number {
  if (!text.includes('\ufffd')) return 0;
  return Math.max(0, replacements(text) - ownReplacements(encoding, bytes));
}

function replacements(text: string): number {
  return text.split('\ufffd').length - 1;
}

function ownReplacements(encoding: string, bytes: Uint8Array): number {
  const size = encoding.startsWith('utf-16') ? 2 : encoding.startsWith('utf-32') ? 4 : 0;
  if (size === 0) return 0;
  const isLittleEndian = encoding.endsWith('le');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let own = 0;
  for (let at = 0; at + size <= bytes.length; at += size) {
    const unit = size === 2 ? view.getUint16(at, isLittleEndian) : view.getUint32(at, isLittleEndian);
    if (unit === 0xfffd) own += 1;
  }
  return own;
}
