import { csvField } from '../render/csv-field.ts';
import { fitText, padText } from '../render/fit-text.ts';
import { formatBytes, formatCount } from '../render/format-number.ts';
import { harmlessField, harmlessJson, harmlessText } from '../render/harmless-text.ts';
import type { Terminal } from '../render/terminal.ts';
import { textWidth } from '../render/text-width.ts';
import type { ReportFormat } from './report-formats.ts';
import type { WordReport } from './word-report.ts';

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
      for (const report of reports) yield harmlessJson(report);
      break;
    case 'csv':
      yield* separated(reports, perFile, ',', (text) => csvField(harmlessField(text)));
      break;
    case 'tsv':
      yield* separated(reports, perFile, '\t', harmlessField);
      break;
    case 'table':
      for (const report of reports) yield* table(report, terminal);
  }
}

/** One object for one report, else an array; a word per line, because all of them may not fit in one text. */
function* json(reports: readonly WordReport[]): Iterable<string> {
  if (reports.length !== 1) yield '[';
  for (const [index, { top, ...facts }] of reports.entries()) {
    const [opening, ...lines] = harmlessJson(facts, 2).slice(0, -2).split('\n');
    yield `${opening}\n${lines.join('\n')},`;
    yield '  "top": [';
    for (const [at, word] of top.entries())
      yield `    ${harmlessJson(word)}${at === top.length - 1 ? '' : ','}`;
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
  if (report.name !== undefined) yield terminal.strong(fitText(harmlessText(report.name), terminal.columns));
  const highest = report.top[0]?.count ?? 0;
  const countColumns = Math.max(5, formatCount(highest).length);
  const most = Math.min(MAX_WORD_COLUMNS, terminal.columns - countColumns - 10);
  const wordColumns = report.top.reduce(
    (widest, { word }) => (widest >= most ? most : Math.max(widest, textWidth(harmlessText(word)))),
    4,
  );
  const columns = Math.min(most, wordColumns);
  const barColumns = Math.min(MAX_BAR_COLUMNS, terminal.columns - columns - countColumns - 4);
  for (const { word, count } of report.top) {
    const bar = '█'.repeat(Math.max(1, Math.round((count / highest) * barColumns)));
    yield `${padText(harmlessText(word), columns)}  ${formatCount(count).padStart(countColumns)}  ${terminal.faint(bar)}`;
  }
  for (const note of notesOf(report)) yield terminal.faint(fitText(note, terminal.columns));
}

function notesOf({ totalWords, distinctWords, totalBytes, warnings }: WordReport): readonly string[] {
  return [
    `${formatCount(totalWords)} ${totalWords === 1 ? 'word' : 'words'}, ${formatCount(distinctWords)} different, ${formatBytes(totalBytes)}`,
    ...warnings.map(
      ({ code, count, firstOffset }) =>
        `${code} ×${formatCount(count)} from byte ${formatCount(firstOffset)}`,
    ),
  ];
}
