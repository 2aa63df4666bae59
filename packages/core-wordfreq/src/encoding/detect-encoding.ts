import { analyse } from 'chardet';
import type { EncodingGuess } from '../charset/text-encoding.ts';
import { detectUtf16 } from './detect-utf16.ts';
import { isThai, oddShare } from './is-readable.ts';

/** At most this share of a text's bytes are control characters other than white space. */
const MAX_CONTROL_SHARE = 1 / 1000;

/** The encodings that browsers read instead, because they have more characters (Encoding Standard, section 4.2). */
const SUPERSETS: ReadonlyMap<string, string> = new Map([
  ['iso-8859-1', 'windows-1252'],
  ['iso-8859-9', 'windows-1254'],
  // The difference is Ukrainian letters in place of box drawings.
  ['koi8-r', 'koi8-u'],
  ['gb2312', 'gb18030'],
]);

/** Encodings of this family have a structure of their own, which chardet checks; others are recognized by language. */
const MULTIBYTE: ReadonlySet<string> = new Set(['gb18030', 'big5', 'shift_jis', 'euc-jp', 'euc-kr']);

/** These have most letters in the same places as others of the same script, so more evidence is needed. */
const LATIN: ReadonlySet<string> = new Set([
  ...['windows-1252', 'windows-1250', 'iso-8859-2', 'windows-1254', 'windows-1257', 'windows-1258'],
]);

/**
 * How sure chardet must be, in percent, and how many bytes above 0x7F there must be. They were chosen on the Universal
 * Declaration of Human Rights in 60 pairs of language and encoding, in pieces from 40 bytes to 64 KiB: from 300 bytes
 * on, no guess in an encoding that is supported was wrong. `test/encodings.test.ts` repeats it with our sample texts.
 */
interface Evidence {
  readonly confidence: number;
  readonly highBytes: number;
}
const MULTIBYTE_EVIDENCE: readonly Evidence[] = [{ confidence: 80, highBytes: 8 }];
const SCRIPT_EVIDENCE: readonly Evidence[] = [{ confidence: 30, highBytes: 60 }];
const WESTERN_EVIDENCE: readonly Evidence[] = [
  { confidence: 60, highBytes: 8 },
  { confidence: 44, highBytes: 60 },
];
const OTHER_LATIN_EVIDENCE: readonly Evidence[] = [
  { confidence: 44, highBytes: 40 },
  { confidence: 29, highBytes: 90 },
];
/** Thai is taken for one of the multibyte encodings, with less confidence. */
const THAI_HIGH_BYTES = 60;

/** The share of characters above U+007F that may look odd: for a guess that is sure, and for one that is named. */
const MAX_ODD_SHARE = 0.01;
const MAX_ODD_SHARE_OF_LIKELY = 0.1;

/**
 * Detects the encoding of a text from its beginning, for the option `encoding`. It uses chardet, a port of
 * ICU's detector, and then requires that the decoded text is readable: a wrong encoding shows up as symbols
 * inside words. A guess that is not sure is only named (`likely` of the counts' `encoding`), and so are
 * encodings that are not supported.
 *
 * Returns undefined for UTF-8 with a few damaged bytes, and for bytes that are not text.
 *
 * @example
 * const counts = await countWords(createReadStream('old.txt'), { encoding: detectEncoding });
 * counts.encoding; // { name: 'windows-1252', foundBy: 'detected' }
 */
export function detectEncoding(beginning: Uint8Array): EncodingGuess | undefined {
  if (beginning.includes(0)) return detectUtf16(beginning);
  if (hasControls(beginning) || isMostlyUtf8(beginning)) return undefined;
  const highBytes = beginning.reduce((sum, byte) => (byte >= 0x80 ? sum + 1 : sum), 0);
  const best = bestCandidate(beginning);
  if (best === undefined) return undefined;
  const isEnough = evidenceFor(best.name).some(
    ({ confidence, highBytes: bytes }) => best.confidence >= confidence && highBytes >= bytes,
  );
  const isMultibyte = MULTIBYTE.has(best.name);
  if (!(isMultibyte && isEnough) && highBytes >= THAI_HIGH_BYTES && isThai(beginning)) {
    return { name: 'windows-874', isSure: true };
  }
  const odd = oddShare(best.name, beginning, isMultibyte);
  if (odd > MAX_ODD_SHARE_OF_LIKELY) return undefined;
  return { name: best.name, isSure: isEnough && odd <= (isMultibyte ? 0 : MAX_ODD_SHARE) };
}

interface Candidate {
  readonly name: string;
  readonly confidence: number;
}

/** ISO 8859 has controls where the Windows code pages have more characters. */
function bestCandidate(beginning: Uint8Array): Candidate | undefined {
  const hasC1 = beginning.some((byte) => byte >= 0x80 && byte <= 0x9f);
  const candidates = analyse(beginning).map(({ name, confidence }) => ({ name: nameOf(name), confidence }));
  const best = candidates.find(
    ({ name }) => !/^(utf-|ascii)/.test(name) && !(hasC1 && name.startsWith('iso-8859')),
  );
  return best?.name.startsWith('iso-2022') ? undefined : best;
}

function nameOf(name: string): string {
  const lower = name.toLowerCase();
  return SUPERSETS.get(lower) ?? lower;
}

function evidenceFor(name: string): readonly Evidence[] {
  if (MULTIBYTE.has(name)) return MULTIBYTE_EVIDENCE;
  if (!LATIN.has(name)) return SCRIPT_EVIDENCE;
  return name === 'windows-1252' ? WESTERN_EVIDENCE : OTHER_LATIN_EVIDENCE;
}

/** White space, and the marks of the end of a DOS file (0x1A) and of colours in a terminal (0x1B). */
function hasControls(bytes: Uint8Array): boolean {
  const controls = bytes.reduce((sum, byte) => {
    const isControl = (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)) || byte === 0x7f;
    return isControl && byte !== 0x1a && byte !== 0x1b ? sum + 1 : sum;
  }, 0);
  return controls > bytes.length * MAX_CONTROL_SHARE;
}

/** A text in another encoding has few bytes that happen to be UTF-8. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes, { stream: true });
  const damaged = text.split('\ufffd').length - 1;
  const sound = (text.match(/[^\0-\x7f\ufffd]/gu) ?? []).length;
  return sound >= damaged;
}
