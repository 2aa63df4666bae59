import { decodeText } from '../charset/decode-text.ts';
import type { EncodingGuess } from '../charset/text-encoding.ts';

/** White space and punctuation that texts of most scripts have. */
const COMMON = /[\t\n\r ,.\u3000-\u3002\uff0c]/g;
const WORD_CHARACTERS = /[\p{L}\p{M}\p{N}]/gu;
/** What texts do not have: controls, lone surrogates, private and unassigned characters. */
const STRANGE = /[^\P{C}\t\n\v\f\r\p{Cf}]|\ufffd/gu;

/** How many characters of a text are word characters at least, strange at most, and common at least. */
const MIN_WORD_SHARE = 0.3;
const MAX_STRANGE_SHARE = 0.002;
const MIN_COMMON_SHARE = 0.005;
/** In the wrong byte order, there are this many times fewer common characters. */
const MIN_RATIO = 4;

/**
 * Detects UTF-16 without a byte order mark in bytes with NULs: in one byte order they are characters that texts
 * have, with white space between, and in the other they are not. UTF-32 is only named, because its texts have
 * marks.
 */
export function detectUtf16(bytes: Uint8Array): EncodingGuess | undefined {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const little = decodeText('utf-16le', even);
  const big = decodeText('utf-16be', even);
  const isLittle = count(little, COMMON) >= count(big, COMMON);
  const [text, other] = isLittle ? [little, big] : [big, little];
  const common = count(text, COMMON);
  const isText =
    common >= Math.max(1, text.length * MIN_COMMON_SHARE) &&
    common >= MIN_RATIO * count(other, COMMON) &&
    count(text, WORD_CHARACTERS) >= text.length * MIN_WORD_SHARE &&
    count(text, STRANGE) <= text.length * MAX_STRANGE_SHARE;
  return isText ? { name: isLittle ? 'utf-16le' : 'utf-16be', isSure: true } : utf32(bytes);
}

function utf32(bytes: Uint8Array): EncodingGuess | undefined {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 4));
  const name = ['utf-32le', 'utf-32be'].find((candidate) => {
    const text = whole.length === 0 ? '\ufffd' : decodeText(candidate, whole);
    return count(text, STRANGE) === 0;
  });
  return name === undefined ? undefined : { name, isSure: false };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
