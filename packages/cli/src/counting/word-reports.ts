import { csvField, escapeField, escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';
import { mergeCounts, type WordCounts } from '@org/wordfreq-core';
import { formatBytes, formatCount } from '../terminal/format.ts';
import { fitText, padText, textWidth } from '../terminal/layout.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The forms in which counts are printed, the default first. */
export const REPORT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;

/** One of {@link REPORT_FORMATS}. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A warning, and the text that it is about where there are several. */
export type NamedWarning = WordCounts['warnings'][number] & { readonly name?: string };

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
  /** A path, `-`, or absent for several texts together. */
  readonly name?: string;
  readonly totalBytes: number;
  readonly totalWords: number;
  readonly distinctWords: number;
  readonly warnings: readonly NamedWarning[];
  readonly top: ReturnType<WordCounts['top']>;
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
  return {
    ...(name === undefined ? {} : { name }),
    totalBytes: counts.totalBytes,
    totalWords: counts.totalWords,
    distinctWords: counts.distinctWords,
    warnings,
    top: counts.top(top === 0 ? counts.distinctWords : top),
  };
}

/** Renders reports, one line of output per item. CSV and TSV name the file only when they are `perFile`. */
export function* formatReports(
  reports: readonly WordReport[],
  { format, perFile }: { readonly format: ReportFormat; readonly perFile: boolean },
  terminal: Terminal,
): Iterable<string> {
  switch (format) {
    case 'json':
      yield* json(reports);
      break;
    case 'ndjson':
      for (const report of reports) yield escapeJson(report);
      break;
    case 'csv':
      yield* separated(reports, perFile, ',', (text) => csvField(escapeField(text)));
      break;
    case 'tsv':
      yield* separated(reports, perFile, '\t', escapeField);
      break;
    case 'table':
      for (const report of reports) yield* table(report, terminal);
  }
}

/** One object for one report, else an array; a word per line, because all of them may not fit in one text. */
function* json(reports: readonly WordReport[]): Iterable<string> {
  if (reports.length !== 1) yield '[';
  for (const [index, { top, ...facts }] of reports.entries()) {
    const lines = escapeJson(facts, 2).split('\n').slice(0, -1);
    yield* lines.slice(0, -1);
    yield `${lines.at(-1)},`;
    yield '  "top": [';
    for (const [at, word] of top.entries())
      yield `    ${escapeJson(word)}${at === top.length - 1 ? '' : ','}`;
    yield '  ]';
    yield index === reports.length - 1 ? '}' : '},';
  }
  if (reports.length !== 1) yield ']';
}

function* separated(
  reports: readonly WordReport[],
  isNamed: boolean,
  separator: string,
  field: (text: string) => string,
): Iterable<string> {
  yield [...(isNamed ? ['file'] : []), 'word', 'count'].join(separator);
  for (const { name = '', top } of reports) {
    const start = isNamed ? field(name) + separator : '';
    for (const { word, count } of top) yield `${start}${field(word)}${separator}${count}`;
  }
}

const MAX_WORD_COLUMNS = 30;
const MAX_BAR_COLUMNS = 40;

function* table(report: WordReport, terminal: Terminal): Iterable<string> {
  if (report.name !== undefined) yield terminal.strong(fitText(escapeText(report.name), terminal.columns));
  const highest = report.top[0]?.count ?? 0;
  const countColumns = Math.max(5, formatCount(highest).length);
  const most = Math.min(MAX_WORD_COLUMNS, terminal.columns - countColumns - 10);
  const wordColumns = report.top.reduce(
    (widest, { word }) => (widest >= most ? most : Math.max(widest, textWidth(escapeText(word)))),
    4,
  );
  const columns = Math.min(most, wordColumns);
  const barColumns = Math.min(MAX_BAR_COLUMNS, terminal.columns - columns - countColumns - 4);
  for (const { word, count } of report.top) {
    const bar = '█'.repeat(Math.max(1, Math.round((count / highest) * barColumns)));
    yield `${padText(escapeText(word), columns)}  ${formatCount(count).padStart(countColumns)}  ${terminal.faint(bar)}`;
  }
  yield terminal.faint(fitText(totalsLine(report), terminal.columns));
  for (const line of warningLines(report, terminal.columns)) yield terminal.faint(line);
}

function totalsLine({ totalWords, distinctWords, totalBytes }: WordReport): string {
  return `${formatCount(totalWords)} ${totalWords === 1 ? 'word' : 'words'}, ${formatCount(distinctWords)} different, ${formatBytes(totalBytes)}`;
}

/** Warnings about more files than this are summed up. */
const MAX_WARNINGS = 5;

function* warningLines({ name: only, warnings }: WordReport, columns: number): Iterable<string> {
  const shown = only === undefined ? warnings.slice(0, MAX_WARNINGS) : warnings;
  for (const { name, code, count, firstOffset } of shown) {
    const what = `${code} ×${formatCount(count)} from byte ${formatCount(firstOffset)}`;
    const named = name === undefined ? what : `${escapeText(name)}  ${what}`;
    if (name === undefined || textWidth(named) <= columns) yield fitText(named, columns);
    else yield* [fitText(escapeText(name), columns), fitText(`  ${what}`, columns)];
  }
  const more = warnings.length - shown.length;
  if (more > 0) yield fitText(`${formatCount(more)} more warnings; --json has all`, columns);
}
