import type { TableEntries } from './word-table.ts';

/** Copies entries in another order. */
export function columnsOf({ bytes, starts, counts }: TableEntries, order: Uint32Array): TableEntries {
  const size = order.length;
  const orderedStarts = new Uint32Array(size + 1);
  const orderedCounts = new Float64Array(size);
  // Each place in memory is looked up once: with many words, that is what takes time.
  const places = new Uint32Array(size);
  let length = 0;
  for (let index = 0; index < size; index += 1) {
    const entry = order[index] as number;
    const place = starts[entry] as number;
    length += (starts[entry + 1] as number) - place;
    places[index] = place;
    orderedStarts[index + 1] = length;
    orderedCounts[index] = counts[entry] as number;
  }
  const orderedBytes = new Uint8Array(length);
  let to = 0;
  for (let index = 0; index < size; index += 1) {
    const end = orderedStarts[index + 1] as number;
    // Words are short, so `set` would take longer.
    for (let from = places[index] as number; to < end; from += 1, to += 1) {
      orderedBytes[to] = bytes[from] as number;
    }
  }
  return { bytes: orderedBytes, starts: orderedStarts, counts: orderedCounts };
}

/** How many bytes are decoded at a time: few, because a string that is kept keeps its neighbours in memory. */
const PIECE_BYTES = 16 * 1024;

// A word may begin with U+FEFF, which must not be taken for a byte order mark.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Decodes one word, or several that stand side by side. */
export function decodeWord(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Decodes words, many at a time, because a call of the decoder takes longer than decoding a word. */
export function* decodeWords({ bytes, starts }: Pick<TableEntries, 'bytes' | 'starts'>): Generator<string> {
  const size = starts.length - 1;
  for (let first = 0; first < size; ) {
    const from = starts[first] as number;
    let last = first + 1;
    while (last < size && (starts[last + 1] as number) - from <= PIECE_BYTES) last += 1;
    const piece = starts.subarray(first, last + 1);
    const text = decodeWord(bytes.subarray(from, starts[last]));
    if (text.length === (starts[last] as number) - from) yield* asciiWords(text, piece);
    else if (isSeparable(text, bytes, piece)) yield* wordsOf(text, bytes, piece);
    else yield* oneByOne(bytes, piece);
    first = last;
  }
}

function* asciiWords(text: string, starts: Uint32Array): Generator<string> {
  const from = starts[0] as number;
  for (let word = 1; word < starts.length; word += 1) {
    yield text.slice((starts[word - 1] as number) - from, (starts[word] as number) - from);
  }
}

/**
 * Whether each word was decoded as if alone: counts from outside may have bytes that are not UTF-8, and then
 * the end of one word and the start of the next could make a character.
 */
function isSeparable(text: string, bytes: Uint8Array, starts: Uint32Array): boolean {
  return !text.includes('\ufffd') && starts.subarray(0, -1).every((start) => !isContinuation(bytes[start]));
}

function* wordsOf(text: string, bytes: Uint8Array, starts: Uint32Array): Generator<string> {
  let at = 0;
  for (let word = 1; word < starts.length; word += 1) {
    const next = at + codeUnits(bytes, starts[word - 1] as number, starts[word] as number);
    yield text.slice(at, next);
    at = next;
  }
}

function* oneByOne(bytes: Uint8Array, starts: Uint32Array): Generator<string> {
  for (let word = 1; word < starts.length; word += 1) {
    yield decodeWord(bytes.subarray(starts[word - 1], starts[word]));
  }
}

/** How many UTF-16 code units a word has: two for characters of four bytes, one for all others. */
function codeUnits(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (!isContinuation(byte)) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

function isContinuation(byte: number | undefined): boolean {
  return ((byte as number) & 0xc0) === 0x80;
}
