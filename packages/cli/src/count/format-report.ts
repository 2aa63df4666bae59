import { csvField } from '../render/csv-field.ts';
import { padText } from '../render/fit-text.ts';
import { formatBytes, formatCount } from '../render/format-number.ts';
import { harmlessText } from '../render/harmless-text.ts';
import type { Terminal } from '../render/terminal.ts';
import { textWidth } from '../render/text-width.ts';
import type { WordReport } from './word-report.ts';

/** The forms in which counts are printed. */
export const REPORT_FORMATS = ['table', 'json', 'ndjson', 'csv', 'tsv'] as const;

/** One of {@link REPORT_FORMATS}. */
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Renders reports, one line of output per item. */
export function formatReports(
  reports: readonly WordReport[],
  format: ReportFormat,
  terminal: Terminal,
): Iterable<string> {
  switch (format) {
    case 'json':
      return [JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)];
    case 'ndjson':
      return reports.map((report) => JSON.stringify(report));
    case 'csv':
      return separated(reports, ',', csvField);
    case 'tsv':
      return separated(reports, '\t', (text) => text.replaceAll(/[\t\r\n]/g, ' '));
    case 'table':
      return reports.flatMap((report) => table(report, terminal));
  }
}

function* separated(
  reports: readonly WordReport[],
  separator: string,
  field: (text: string) => string,
): Iterable<string> {
  const named = reports.some((report) => report.name !== undefined);
  yield [...(named ? ['file'] : []), 'word', 'count'].join(separator);
  for (const { name = '', top } of reports) {
    for (const { word, count } of top) {
      yield [...(named ? [field(name)] : []), field(word), String(count)].join(separator);
    }
  }
}

const MAX_WORD_COLUMNS = 30;

function table(report: WordReport, terminal: Terminal): string[] {
  const words = report.top.map(({ word }) => harmlessText(word));
  const wordColumns = Math.min(MAX_WORD_COLUMNS, Math.max(4, ...words.map((word) => textWidth(word))));
  const highest = report.top[0]?.count ?? 0;
  const countColumns = Math.max(5, formatCount(highest).length);
  const barColumns = Math.max(0, Math.min(40, terminal.columns - wordColumns - countColumns - 4));
  const title = report.name === undefined ? [] : [terminal.strong(harmlessText(report.name))];
  const rows = report.top.map(({ count }, index) => {
    const bar = '█'.repeat(Math.max(1, Math.round((count / highest) * barColumns)));
    return `${padText(words[index] ?? '', wordColumns)}  ${formatCount(count).padStart(countColumns)}  ${terminal.faint(bar)}`;
  });
  const { totalWords, distinctWords, totalBytes, warnings } = report;
  const notes = warnings.map(
    ({ code, count, firstOffset }) => `${code} ×${formatCount(count)} from byte ${formatCount(firstOffset)}`,
  );
  return [
    ...title,
    ...rows,
    terminal.faint(
      `${formatCount(totalWords)} words, ${formatCount(distinctWords)} different, ${formatBytes(totalBytes)}`,
    ),
    ...notes.map((note) => terminal.faint(note)),
  ];
}
