import { padText, wrapItems } from '../render/fit-text.ts';
import { formatBytes, formatCount } from '../render/format-number.ts';
import { harmlessText } from '../render/harmless-text.ts';
import type { Terminal } from '../render/terminal.ts';
import { printResultView } from './print-result-view.ts';
import type { ResultView } from './result-view.ts';

/** A file, what became of its upload and, if that was waited for, of its count. */
export interface UploadRow {
  readonly file: string;
  readonly key: string;
  readonly bytes: number;
  readonly status: 'uploaded' | 'exists' | 'not-uploaded';
  readonly eTag?: string;
  readonly versionId?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly result?: ResultView;
  /** No outcome came in time; `state` and `meaning` say where it is. */
  readonly pending?: boolean;
  readonly state?: string;
  readonly meaning?: string;
  readonly cure?: string;
}

/** What `wordfreq upload --json` prints; the names are public contract. */
export interface UploadReport {
  readonly bucket: string;
  readonly files: readonly UploadRow[];
  readonly summary: {
    readonly files: number;
    readonly uploaded: number;
    readonly taken: number;
    readonly notUploaded: number;
    readonly bytes: number;
    /** With an outcome that is no failure. */
    readonly done: number;
    readonly failed: number;
    readonly pending: number;
  };
}

/** Adds the rows up. */
export function uploadReport(bucket: string, files: readonly UploadRow[]): UploadReport {
  const uploaded = files.filter(({ status }) => status === 'uploaded');
  const failed = files.filter(({ result }) => result?.outcome.startsWith('failed:') === true).length;
  return {
    bucket,
    files,
    summary: {
      files: files.length,
      uploaded: uploaded.length,
      taken: files.filter(({ status }) => status === 'exists').length,
      notUploaded: files.filter(({ status }) => status === 'not-uploaded').length,
      bytes: uploaded.reduce((sum, { bytes }) => sum + bytes, 0),
      done: files.filter(({ result }) => result !== undefined).length - failed,
      failed,
      pending: files.filter(({ pending }) => pending === true).length,
    },
  };
}

/** Prints a line for each file, and totals. */
export function printUploads(
  { bucket, files, summary }: UploadReport,
  { waited }: { readonly waited: boolean },
  terminal: Terminal,
): void {
  for (const row of files) {
    if (row.result === undefined) printRow(row, bucket, terminal);
    else printResultView(row.result, terminal);
  }
  const parts = [
    `${formatCount(summary.uploaded)} uploaded, ${formatBytes(summary.bytes)}`,
    ...(summary.taken === 0 ? [] : [`${formatCount(summary.taken)} taken`]),
    ...(summary.notUploaded === 0 ? [] : [`${formatCount(summary.notUploaded)} not uploaded`]),
    ...(waited ? [`${formatCount(summary.done)} done`, `${formatCount(summary.failed)} failed`] : []),
    ...(summary.pending === 0 ? [] : [`${formatCount(summary.pending)} without outcome yet`]),
  ];
  terminal.line(terminal.faint(parts.join(' · ')));
}

function printRow(row: UploadRow, bucket: string, terminal: Terminal): void {
  const well = row.status === 'uploaded' && row.pending !== true;
  const mark = well ? terminal.good('✔') : terminal.bad(row.pending === true ? '…' : '✗');
  const status = row.state ?? row.status;
  const room = Math.max(20, terminal.columns - 30);
  const place = padText(harmlessText(`s3://${bucket}/${row.key}`), room);
  terminal.line(`${mark} ${place}  ${status} ${formatBytes(row.bytes).padStart(8)}`);
  for (const text of [row.error?.message, row.meaning, row.cure]) {
    if (text === undefined) continue;
    for (const line of wrapItems(harmlessText(text).split(' '), terminal.columns - 4, ' ')) {
      terminal.line(`    ${terminal.faint(line)}`);
    }
  }
}
