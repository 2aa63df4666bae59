import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import type { ServedPage } from '@org/wordfreq-worker/page';
import { resultView } from '../cloud/result-view.ts';
import { printResult, printSummary, type RunSummary, resultLine } from '../render/result-report.ts';
import type { Terminal } from '../render/terminal.ts';
import type { Mail } from './mailbox.ts';
import type { DeadLetterReport } from './read-dead-letters.ts';
import type { ReadyFile } from './ready-file.ts';
import type { LocalPipeline } from './start-local-pipeline.ts';

/** A pipeline that has come up. */
export interface PipelineUp {
  readonly pipeline: Pick<LocalPipeline, 'endpoints' | 'resources'>;
  readonly page: Pick<ServedPage, 'url'>;
  readonly environment: Readonly<Record<string, string>>;
  readonly readyFile: Pick<ReadyFile, 'path'>;
}

/** What the samples came to. */
export interface SamplesEnd {
  readonly summary: RunSummary;
  readonly deadLetters: DeadLetterReport;
  readonly mails: readonly Mail[];
}

/** What `wordfreq local` tells, for people or for programs. */
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
      for (const result of results) printResult(result, terminal);
      printSummary(summary, deadLetters, mails, terminal);
    },
    waiting({ pipeline: { resources }, page, readyFile }) {
      terminal.line();
      terminal.line(terminal.strong('Waiting for more files'));
      terminal.line(`  Drop them on ${page.url}, or in another terminal, after`);
      terminal.line(`  . ${readyFile.path}`);
      terminal.line(`  aws s3 cp my.txt s3://${resources.uploadingBucket}/`);
      terminal.line('  wordfreq upload, explain, dlq, … see this pipeline there, too.');
      terminal.line('  Ctrl-C stops.');
    },
    result: (result) => terminal.line(resultLine(result, terminal)),
  };
}

const TOP = 10;

/** For programs: a line of JSON for each event; the names are public contract. */
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
