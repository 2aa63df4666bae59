import { WordTable } from '../count/word-table.ts';
import { mergeWarnings } from '../warnings.ts';
import { sumTotals, WordCounts } from '../word-counts.ts';
import {
  type CountsHeader,
  compareBytes,
  EntryReader,
  EntryWriter,
  HEADER_BYTES,
  readHeader,
  writeHeader,
} from './counts-format.ts';
import { type ByteSource, FormatReader } from './format-reader.ts';
import { FormatWriter } from './format-writer.ts';

/**
 * Encodes counts as compact bytes, in chunks of about 64 KB. The format has a version; newer releases read
 * older versions.
 *
 * @example
 * await writeFile('counts.wfc', encodeCounts(counts));
 */
export function* encodeCounts(counts: WordCounts): Generator<Uint8Array> {
  const writer = new FormatWriter();
  writeHeader(writer, counts);
  const entries = new EntryWriter(writer);
  for (const [word, count] of counts.sorted()) {
    entries.write(word, count);
    if (writer.isFull) yield writer.take();
  }
  entries.end();
  yield writer.take();
}

/**
 * Decodes counts that {@link encodeCounts} or {@link mergeEncoded} wrote.
 *
 * @throws WordfreqError `invalid-encoding`, `invalid-source` for what is not bytes
 * @example
 * const counts = await decodeCounts(createReadStream('counts.wfc'));
 */
export async function decodeCounts(source: ByteSource): Promise<WordCounts> {
  const reader = new FormatReader(source);
  await reader.fill(HEADER_BYTES);
  const header = readHeader(reader);
  const entries = new EntryReader(reader);
  const table = new WordTable();
  while (await entries.next()) table.add(entries.word, entries.word.length, entries.count);
  await reader.fill(1);
  if (reader.has(1)) throw reader.broken('the end');
  return decoded(reader, header, table);
}

/** @internal As {@link decodeCounts}, for bytes in memory. Other bytes may follow the counts. */
export function decodeCountsAtOnce(reader: FormatReader): WordCounts {
  const header = readHeader(reader);
  const entries = new EntryReader(reader);
  const table = new WordTable();
  while (entries.nextAtOnce()) table.add(entries.word, entries.word.length, entries.count);
  return decoded(reader, header, table);
}

function decoded(reader: FormatReader, { totals, warnings }: CountsHeader, table: WordTable): WordCounts {
  const counted = table.entries().counts.reduce((sum, count) => sum + count, 0);
  if (counted + totals.uncounted !== totals.words) {
    throw reader.broken(`counts of ${totals.words - totals.uncounted} words together, got ${counted},`);
  }
  return WordCounts.of(table, totals, warnings);
}

/**
 * Merges encoded counts of several texts into encoded counts of all. The memory that it needs does not depend
 * on the number of words: one chunk and one word of each source.
 *
 * @throws WordfreqError `invalid-encoding`, `count-too-large`
 * @example
 * await writeFile('all.wfc', mergeEncoded(files.map((file) => createReadStream(file))));
 */
export async function* mergeEncoded(sources: Iterable<ByteSource>): AsyncGenerator<Uint8Array> {
  const readers = [...sources].map((source) => new FormatReader(source));
  await Promise.all(readers.map((reader) => reader.fill(HEADER_BYTES)));
  const headers = readers.map(readHeader);
  const writer = new FormatWriter();
  writeHeader(writer, {
    totals: sumTotals(headers.map(({ totals }) => totals)),
    warnings: mergeWarnings(headers.map(({ warnings }) => warnings)),
  });
  let open: EntryReader[] = [];
  for (const reader of readers) {
    const entries = new EntryReader(reader);
    if (await entries.next()) open.push(entries);
  }
  const output = new EntryWriter(writer);
  while (open.length > 0) {
    const first = open.reduce((a, b) => (compareBytes(b.word, a.word) < 0 ? b : a)).word;
    const same = open.filter(({ word }) => compareBytes(word, first) === 0);
    output.write(
      first,
      same.reduce((sum, { count }) => sum + count, 0),
    );
    for (const entries of same) if (!(await entries.next())) open = open.filter((other) => other !== entries);
    if (writer.isFull) yield writer.take();
  }
  output.end();
  yield writer.take();
}
