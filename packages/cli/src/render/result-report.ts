import type { DeadLetter, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import type { Mail } from '../local/mailbox.ts';
import type { DeadLetterReport } from '../local/read-dead-letters.ts';
import { padText, wrapItems } from './fit-text.ts';
import { formatBytes, formatCount, formatSeconds } from './format-number.ts';
import { harmlessText } from './harmless-text.ts';
import type { Terminal } from './terminal.ts';

/** How many words are shown for each file. */
const TOP = 10;

/** What a run came to. */
export interface RunSummary {
  readonly files: number;
  readonly bytes: number;
  readonly words: number;
  readonly elapsedMs: number;
  readonly failures: number;
  /** Keys that have no outcome. */
  readonly missing: readonly string[];
}

/** Adds up results; `missing` are the keys that have none. */
export function summarize(
  results: readonly StoredResult[],
  elapsedMs: number,
  missing: readonly string[],
): RunSummary {
  const sum = (value: (result: StoredResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  return {
    files: results.length + missing.length,
    bytes: sum((result) => result.totals.bytes),
    words: sum((result) => result.totals.words),
    elapsedMs,
    failures: results.filter((result) => isFailure(result)).length,
    missing,
  };
}

/** Whether a person has to look at it. */
export function isFailure(result: Pick<StoredResult, 'outcome'>): boolean {
  return result.outcome.startsWith('failed:');
}

/** One line: what became of a file. */
export function resultLine(result: StoredResult, terminal: Terminal): string {
  const mark = isFailure(result) ? terminal.bad('✗') : terminal.good('✔');
  const facts = isFailure(result)
    ? result.outcome
    : `${padText(result.outcome, 8)} ${formatCount(result.totals.words).padStart(9)} words ` +
      `${formatBytes(result.totals.bytes).padStart(8)} ${formatSeconds(result.durationMs).padStart(7)}`;
  const room = Math.min(36, terminal.columns - 46);
  return `${mark} ${padText(harmlessText(result.object.key), room)}  ${facts}`;
}

/** A file's line and, below it, its most frequent words. */
export function printResult(result: StoredResult, terminal: Terminal): void {
  terminal.line(resultLine(result, terminal));
  const room = terminal.columns - 4;
  const lines = isFailure(result)
    ? wrapText(result.error?.message ?? 'no reason was recorded', room)
    : wrapItems(
        result.words.slice(0, TOP).map(({ word, count }) => `${harmlessText(word)} ${formatCount(count)}`),
        room,
      );
  for (const line of lines) terminal.line(`    ${terminal.faint(line)}`);
}

function wrapText(text: string, columns: number): string[] {
  return wrapItems(harmlessText(text).split(' '), columns, ' ');
}

/** Totals, dead letters with their reasons, and the mails that people would get. */
export function printSummary(
  summary: RunSummary,
  { letters, held }: DeadLetterReport,
  mails: readonly Mail[],
  terminal: Terminal,
): void {
  const rows: [string, string][] = [
    ['Files', formatCount(summary.files)],
    ['Bytes', `${formatCount(summary.bytes)} (${formatBytes(summary.bytes)})`],
    ['Words', formatCount(summary.words)],
    ['Seconds', (summary.elapsedMs / 1000).toFixed(2)],
    ['Failures', formatCount(summary.failures)],
    ...(summary.missing.length === 0
      ? []
      : ([['No outcome', summary.missing.map(harmlessText).join(', ')]] satisfies [string, string][])),
  ];
  terminal.line();
  terminal.line(terminal.strong('Summary'));
  for (const [name, value] of rows) terminal.line(`  ${name.padEnd(10)} ${value}`);
  const more = held === 0 ? [] : [`${formatCount(held)} more, which another reader holds at this moment`];
  section(
    `Dead-letter queue (${letters.length + held})`,
    [...letters.map(describeDeadLetter), ...more],
    terminal,
  );
  section(`Mail that would have been sent (${mails.length})`, mails.map(describeMail), terminal);
}

function section(title: string, entries: readonly string[], terminal: Terminal): void {
  terminal.line();
  terminal.line(terminal.strong(title));
  for (const entry of entries) {
    const [first = '', ...more] = wrapText(entry, terminal.columns - 4);
    terminal.line(`  ${first}`);
    for (const line of more) terminal.line(`    ${line}`);
  }
}

function describeDeadLetter({ message, reason }: DeadLetter): string {
  const key = reason?.facts?.get('key') ?? message.id;
  const why =
    reason === undefined ? 'received too often without success' : `${reason.code}: ${reason.detail}`;
  return `${key}  ${why}`;
}

function describeMail(mail: Mail): string {
  const firstLine = mail.text.split('\n', 1)[0] ?? '';
  return `[${mail.topic}] ${mail.subject} — ${firstLine}`;
}
