import type { DeadLetter, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { escapeText, isFailure } from '@org/wordfreq-aws-adapters/rules';
import type { ServedPage } from '@org/wordfreq-worker/page';
import type { DeadLetterReport } from '../pipeline/dead-letters/dead-letters.ts';
import { printResultView, resultView, wrapText } from '../pipeline/result-view.ts';
import { formatBytes, formatCount } from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Mail } from './mailbox.ts';
import { quoteForShell, type ReadyFile } from './ready-file.ts';
import type { LocalPipeline } from './start-local-pipeline.ts';

/** A pipeline that has come up. */
interface PipelineUp {
  readonly pipeline: Pick<LocalPipeline, 'endpoints' | 'resources'>;
  readonly page: Pick<ServedPage, 'url'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly readyFile: Pick<ReadyFile, 'path'>;
}

/** The results of the samples. */
interface SamplesEnd {
  readonly summary: RunSummary;
  readonly deadLetters: DeadLetterReport;
  readonly mails: readonly Mail[];
}

/** What `wordfreq local` reports, for people or for programs. */
export interface LocalReport {
  up(up: PipelineUp): void;
  samples(results: readonly StoredResult[], end: SamplesEnd): void;
  waiting(up: PipelineUp): void;
  result(result: StoredResult): void;
}

/** For people. */
export function textReport(terminal: Terminal): LocalReport {
  return {
    up({ pipeline: { endpoints }, page }) {
      terminal.line(terminal.strong('The pipeline is up on this machine'));
      terminal.line(`  S3, SQS, SNS  ${endpoints.s3}`);
      terminal.line(`  DynamoDB      ${endpoints.dynamodb}`);
      terminal.line(`  Page          ${page.url}`);
      terminal.line();
    },
    samples(results, { summary, deadLetters, mails }) {
      for (const result of results) printResultView(resultView(result, TOP), terminal);
      printSummary(summary, deadLetters, mails, terminal);
    },
    waiting({ pipeline: { resources }, page, readyFile }) {
      terminal.line();
      terminal.line(terminal.strong('Waiting for more files'));
      terminal.line(`  Drop them on ${page.url}, or in another terminal, after`);
      const path = /[^\w./-]/.test(readyFile.path) ? quoteForShell(readyFile.path) : readyFile.path;
      terminal.line(`  . ${path}`);
      terminal.line(`  aws s3 cp my.txt s3://${resources.uploadingBucket}/`);
      terminal.line('  wordfreq upload, explain, dlq, … see this pipeline there, too.');
      terminal.line('  Ctrl-C stops.');
    },
    result: (result) => printResultView(resultView(result, LIVE_TOP), terminal),
  };
}

/** How many words of each file are reported; fewer while files come in one by one. */
const TOP = 10;
const LIVE_TOP = 5;

/** For programs: a line of JSON for each event; the names are a public contract. */
export function jsonReport(terminal: Pick<Terminal, 'line'>): LocalReport {
  const tell = (type: string, facts: object): void => terminal.line(JSON.stringify({ type, ...facts }));
  const result = (one: StoredResult): void => tell('result', resultView(one, TOP));
  return {
    up: ({ pipeline: { endpoints }, page, environment, readyFile }) =>
      tell('up', { pid: process.pid, page: page.url, endpoints, readyFile: readyFile.path, environment }),
    samples(results, { summary, deadLetters }) {
      for (const one of results) result(one);
      tell('summary', { ...summary, deadLetters: deadLetters.letters.length + deadLetters.held });
    },
    waiting: () => undefined,
    result,
  };
}

/** The totals of a run. */
interface RunSummary {
  readonly files: number;
  readonly bytes: number;
  readonly words: number;
  readonly elapsedMs: number;
  readonly failures: number;
  /** Files that an earlier run counted: the same bytes under a key are counted once. */
  readonly countedBefore: number;
  /** Keys that have no outcome. */
  readonly missing: readonly string[];
}

/** Adds up results; `missing` are the keys that have none, `since` is the start of the run. */
export function summarize(
  results: readonly StoredResult[],
  { elapsedMs, missing, since }: Pick<RunSummary, 'elapsedMs' | 'missing'> & { readonly since: Date },
): RunSummary {
  const sum = (value: (result: StoredResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  return {
    files: results.length + missing.length,
    bytes: sum((result) => result.totals.bytes),
    words: sum((result) => result.totals.words),
    elapsedMs,
    failures: results.filter((result) => isFailure(result.outcome)).length,
    countedBefore: results.filter(({ finishedAt }) => finishedAt < since).length,
    missing,
  };
}

/** Prints totals, dead letters with their reasons, and the mails that would be sent. */
function printSummary(
  summary: RunSummary,
  { letters, held }: DeadLetterReport,
  mails: readonly Mail[],
  terminal: Terminal,
): void {
  const rows: [string, string][] = [
    ['Files', formatCount(summary.files) + earlierRun(summary)],
    ['Bytes', `${formatCount(summary.bytes)} (${formatBytes(summary.bytes)})`],
    ['Words', formatCount(summary.words)],
    ['Seconds', (summary.elapsedMs / 1000).toFixed(2)],
    ['Failures', formatCount(summary.failures)],
    ...(summary.missing.length === 0
      ? []
      : ([['No outcome', summary.missing.map(escapeText).join(', ')]] satisfies [string, string][])),
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

function earlierRun({ files, countedBefore }: RunSummary): string {
  if (countedBefore === 0) return '';
  return `, ${countedBefore === files ? 'all' : formatCount(countedBefore)} counted in an earlier run`;
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
