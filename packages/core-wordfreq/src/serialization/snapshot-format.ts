import type { DecodingState } from '../charset/text-decoding.ts';
import type { EncodingSource } from '../charset/text-encoding.ts';
import { WordfreqError } from '../errors.ts';
import { foundCounts } from '../line-ends/found-counts.ts';
import type { FinderState } from '../line-ends/hyphen-finder.ts';
import type { TallyState } from '../tally.ts';
import type { WordCounts } from '../word-counts.ts';
import { crc32 } from './crc32.ts';
import { decodeCountsAtOnce, encodeCounts } from './encode-counts.ts';
import { FormatReader } from './format-reader.ts';
import { FormatWriter } from './format-writer.ts';

// The format. Numbers are varints, as in counts-format.ts; "sized" means that the number of bytes comes
// first.
//   "WFS" version
//   options' fingerprint (sized)
//   bytes of the text so far
//   encoding's name (sized; empty while it is unknown), index below of how it was found, likely one (sized)
//   pending bytes (sized), decoded bytes
//   text after the last white space (sized)
//   number of last words, then each (sized)
//   encoded counts: the table
//   1 and encoded counts: the heavy hitters of the text before; or 2, encoded counts: words divided by hyphens, and the
//   end of the text that was not looked at for them (sized); or 0
//   CRC-32 of all of it, four bytes, highest first

const MAGIC = Uint8Array.of(0x57, 0x46, 0x53);
const VERSION = 2;
const CRC_BYTES = 4;
/** What follows the table. */
const KEPT = 1;
const HYPHENS = 2;

/** The order is part of the format. */
const SOURCES: readonly EncodingSource[] = ['default', 'bom', 'declared', 'detected'];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The state of a counter between two chunks. */
export interface CounterState {
  readonly fingerprint: string;
  /** The number of bytes that were pushed. */
  readonly bytes: number;
  readonly decoding: DecodingState;
  /** The text after the last white space. */
  readonly held: Uint8Array;
  readonly tally: TallyState;
  /** With `dehyphenate`: what was found of words that hyphens divide. */
  readonly hyphens: FinderState | undefined;
}

export function encodeSnapshot({ tally, ...state }: CounterState): Uint8Array {
  const writer = new FormatWriter();
  writer.raw(MAGIC);
  writer.varint(VERSION);
  writer.sized(encoder.encode(state.fingerprint));
  writer.varint(state.bytes);
  const { name = '', foundBy = 'default', likely = '' } = state.decoding.encoding ?? {};
  writer.sized(encoder.encode(name));
  writer.varint(SOURCES.indexOf(foundBy));
  writer.sized(encoder.encode(likely));
  writer.sized(state.decoding.pending);
  writer.varint(state.decoding.offset);
  writer.sized(state.held);
  writer.varint(tally.lastWords.length);
  for (const word of tally.lastWords) writer.sized(word);
  return withChecksum([
    writer.take(),
    ...encodeCounts(tally.counted),
    ...encodeMore(tally.kept, state.hyphens),
  ]);
}

/** Heavy hitters have no divided words. */
function encodeMore(kept: WordCounts | undefined, hyphens: FinderState | undefined): Iterable<Uint8Array> {
  if (kept !== undefined) return [Uint8Array.of(KEPT), ...encodeCounts(kept)];
  if (hyphens === undefined) return [Uint8Array.of(0)];
  const writer = new FormatWriter();
  writer.sized(hyphens.rest);
  return [Uint8Array.of(HYPHENS), ...encodeCounts(foundCounts(hyphens.found)), writer.take()];
}

function readHyphens(reader: FormatReader): FinderState {
  const found = decodeCountsAtOnce(reader).entries();
  return { found, rest: reader.sized().slice() };
}

function withChecksum(pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const snapshot = new Uint8Array(length + CRC_BYTES);
  let at = 0;
  let crc = 0;
  for (const piece of pieces) {
    snapshot.set(piece, at);
    at += piece.length;
    crc = crc32(piece, crc);
  }
  new DataView(snapshot.buffer).setUint32(at, crc);
  return snapshot;
}

/** @throws WordfreqError `invalid-encoding` */
export function decodeSnapshot(snapshot: Uint8Array): CounterState {
  const reader = new FormatReader(snapshotBody(snapshot));
  if (MAGIC.some((byte) => reader.raw(1)[0] !== byte)) throw reader.broken('the mark WFS');
  const version = reader.varint();
  if (version !== VERSION) throw reader.broken(`version ${VERSION}, got ${version},`);
  const fingerprint = decoder.decode(reader.sized());
  const bytes = reader.varint();
  const decoding = readDecoding(reader);
  const held = reader.sized().slice();
  const lastWords = Array.from({ length: Math.min(reader.varint(), 4) }, () => reader.sized().slice());
  const counted = decodeCountsAtOnce(reader);
  const more = reader.varint();
  const kept = more === KEPT ? decodeCountsAtOnce(reader) : undefined;
  const hyphens = more === HYPHENS ? readHyphens(reader) : undefined;
  if (reader.has(1)) throw reader.broken('the end');
  return { fingerprint, bytes, decoding, held, tally: { counted, kept, lastWords }, hyphens };
}

function readDecoding(reader: FormatReader): DecodingState {
  const name = decoder.decode(reader.sized());
  const foundBy = SOURCES[reader.varint()];
  if (foundBy === undefined) throw reader.broken('a known way to find an encoding');
  const likely = decoder.decode(reader.sized());
  return {
    encoding: name === '' ? undefined : { name, foundBy, ...(likely === '' ? {} : { likely }) },
    pending: reader.sized().slice(),
    offset: reader.varint(),
  };
}

/** The snapshot without its checksum, which must be right. */
function snapshotBody(snapshot: Uint8Array): Uint8Array {
  if (snapshot instanceof Uint8Array && snapshot.length > CRC_BYTES) {
    const end = snapshot.length - CRC_BYTES;
    const body = snapshot.subarray(0, end);
    const { buffer, byteOffset } = snapshot;
    if (new DataView(buffer, byteOffset).getUint32(end) === crc32(body)) return body;
  }
  throw new WordfreqError(
    'invalid-encoding',
    'Snapshot: expected bytes that WordCounter.snapshot gave, got something else, or damaged ones.',
  );
}
