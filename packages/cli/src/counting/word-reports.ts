import { escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';
import {
  mergeCounts,
  type TextEncoding,
  type WordColumns,
  type WordCount,
  type WordCounts,
} from '@org/wordfreq-core';
import {
  fitText,
  formatBytes,
  formatCount,
  formatNumberOf,
  formatWarning,
  padText,
  textWidth,
} from '../terminal/format.ts';
import type { Line, Terminal } from '../terminal/terminal.ts';
import { headerRow, type RowFormat, wordRows } from './word-rows.ts';

/** The forms in which counts are printed, the default first. */
export const REPORT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;

/** One of {@link REPORT_FORMATS}. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A warning, and the text that it is about where there are several. */
type NamedWarning = WordCounts['warnings'][number] & { readonly name?: string };

/** How many counts are held before they are merged: memory grows with the words, not with the files. */
const MERGE_AT = 64;

/** Adds up counts of many texts. */
export class Together {
  #parts: WordCounts[] = [];
  readonly #warnings: NamedWarning[] = [];
  #name = '';

  add(name: string, counts: WordCounts): void {
    this.#name = name;
    this.#warnings.push(...counts.warnings.map((warning) => ({ name, ...warning })));
    this.#parts.push(counts);
    if (this.#parts.length >= MERGE_AT) this.#parts = [mergeCounts(this.#parts)];
  }

  /** The report of all texts, or of the only one. */
  report(top: number, isOnly: boolean): WordReport {
    const [only, ...more] = this.#parts;
    const counts = only !== undefined && more.length === 0 ? only : mergeCounts(this.#parts);
    // An offset says nothing without its file.
    return wordReport(counts, top, isOnly ? { name: this.#name } : { warnings: this.#warnings });
  }
}

/** What is known of one text, or of several together. */
export interface WordReport {
  readonly facts: {
    /** A path, `-`, or absent for several texts together. */
    readonly name?: string;
    readonly totalBytes: number;
    readonly totalWords: number;
    readonly distinctWords: number;
    readonly warnings: readonly NamedWarning[];
    /** Absent for UTF-8, and for texts in several encodings. */
    readonly encoding?: TextEncoding;
  };
  /** The words that are printed, the most frequent first. */
  readonly words: WordColumns;
}

/** Sums up counts; `top` of 0 stands for every word. */
export function wordReport(
  counts: WordCounts,
  top: number,
  {
    name,
    warnings = counts.warnings,
  }: { readonly name?: string; readonly warnings?: readonly NamedWarning[] },
): WordReport {
  const { totalBytes, totalWords, distinctWords } = counts;
  return {
    facts: {
      ...(name === undefined ? {} : { name }),
      ...{ totalBytes, totalWords, distinctWords, warnings },
      ...encodingOf(counts),
    },
    words: counts.columns(top === 0 ? undefined : top),
  };
}

/** Most texts are UTF-8, which goes without saying. */
function encodingOf({ encoding }: WordCounts): Pick<WordReport['facts'], 'encoding'> {
  if (encoding === undefined || (encoding.name === 'utf-8' && encoding.likely === undefined)) return {};
  return { encoding };
}

// A word may begin with U+FEFF, which must not be taken for a byte order mark.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function* rankedWords({ bytes, starts, counts }: WordColumns): Generator<WordCount> {
  for (const [index, count] of counts.entries()) {
    yield { word: decoder.decode(bytes.subarray(starts[index], starts[index + 1])), count };
  }
}

/** Renders reports, line by line. CSV and TSV name the file only when they are `perFile`. */
export function* formatReports(
  reports: readonly WordReport[],
  { format, perFile }: { readonly format: ReportFormat; readonly perFile: boolean },
  terminal: Terminal,
): Iterable<Line> {
  switch (format) {
    case 'json':
      yield* json(reports);
      break;
    case 'ndjson':
      for (const { facts, words } of reports) yield escapeJson({ ...facts, top: [...rankedWords(words)] });
      break;
    case 'csv':
    case 'tsv':
      yield* separated(reports, perFile, format);
      break;
    case 'table':
      for (const report of reports) yield* table(report, terminal);
  }
}

/** One object for one report, else an array; a word per line, because all of them may not fit in one text. */
function* json(reports: readonly WordReport[]): Iterable<string> {
  if (reports.length !== 1) yield '[';
  for (const [index, { facts, words }] of reports.entries()) {
    const lines = escapeJson(facts, 2).split('\n').slice(0, -1);
    yield* lines.slice(0, -1);
    yield `${lines.at(-1)},`;
    yield '  "top": [';
    let rest = words.counts.length;
    for (const word of rankedWords(words)) {
      rest -= 1;
      yield `    ${escapeJson(word)}${rest === 0 ? '' : ','}`;
    }
    yield '  ]';
    yield index === reports.length - 1 ? '}' : '},';
  }
  if (reports.length !== 1) yield ']';
}

function* separated(reports: readonly WordReport[], isNamed: boolean, format: RowFormat): Iterable<Line> {
  yield headerRow(format, isNamed);
  for (const { facts, words } of reports)
    yield* wordRows(words, format, isNamed ? (facts.name ?? '') : undefined);
}

const MAX_WORD_COLUMNS = 30;
const MAX_BAR_COLUMNS = 40;

function* table({ facts, words }: WordReport, terminal: Terminal): Iterable<string> {
  const top = [...rankedWords(words)];
  if (facts.name !== undefined) yield terminal.strong(fitText(escapeText(facts.name), terminal.columns));
  const highest = top[0]?.count ?? 0;
  const countColumns = Math.max(5, formatCount(highest).length);
  const most = Math.min(MAX_WORD_COLUMNS, terminal.columns - countColumns - 10);
  const wordColumns = top.reduce(
    (widest, { word }) => (widest >= most ? most : Math.max(widest, textWidth(escapeText(word)))),
    4,
  );
  const columns = Math.min(most, wordColumns);
  const barColumns = Math.min(MAX_BAR_COLUMNS, terminal.columns - columns - countColumns - 4);
  for (const { word, count } of top) {
    const bar = '█'.repeat(Math.max(1, Math.round((count / highest) * barColumns)));
    yield `${padText(escapeText(word), columns)}  ${formatCount(count).padStart(countColumns)}  ${terminal.faint(bar)}`;
  }
  yield terminal.faint(fitText(totalsLine(facts), terminal.columns));
  for (const line of warningLines(facts, terminal.columns)) yield terminal.faint(line);
}

function totalsLine({ totalWords, distinctWords, totalBytes, encoding }: WordReport['facts']): string {
  const words = `${formatNumberOf(totalWords, 'word')}, ${formatCount(distinctWords)} different`;
  return `${words}, ${formatBytes(totalBytes)}${encoding === undefined ? '' : `, ${spokenEncoding(encoding)}`}`;
}

const FOUND_BY: Readonly<Record<TextEncoding['foundBy'], string>> = {
  bom: 'by its mark',
  declared: 'as declared',
  detected: 'guessed',
  default: 'by default',
};

/** `koi8-r (guessed)`, or what to try. */
function spokenEncoding({ name, foundBy, likely }: TextEncoding): string {
  if (likely === undefined) return `${name} (${FOUND_BY[foundBy]})`;
  return `not UTF-8; perhaps --encoding ${likely}`;
}

/** Warnings about more files than this are summed up. */
const MAX_WARNINGS = 5;

function* warningLines({ name: only, warnings }: WordReport['facts'], columns: number): Iterable<string> {
  const shown = only === undefined ? warnings.slice(0, MAX_WARNINGS) : warnings;
  for (const warning of shown) {
    const { name } = warning;
    const what = formatWarning(warning);
    const named = name === undefined ? what : `${escapeText(name)}  ${what}`;
    if (name === undefined || textWidth(named) <= columns) yield fitText(named, columns);
    else yield* [fitText(escapeText(name), columns), fitText(`  ${what}`, columns)];
  }
  const more = warnings.length - shown.length;
  if (more > 0) yield fitText(`${formatNumberOf(more, 'more warning')}; --json has all`, columns);
}
