import type { DeadLetter, QueueDepth, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import type { MailPreview } from './page-sources.ts';

/** How many rows a view holds; the newest ones. */
const MAX_ROWS = 500;
/** How many words a row holds. */
const TOP_WORDS = 10;

/** A file and its fate, as the page and its JSON show it. */
export interface FileView {
  readonly bucket: string;
  readonly key: string;
  readonly jobId: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly bytes: number;
  readonly words: number;
  readonly distinctWords: number;
  readonly durationMs: number;
  readonly finishedAt: string;
  readonly worker: string;
  readonly top: StoredResult['words'];
}

/** Work waiting, work done, and what it came to. */
export interface SummaryView {
  readonly queued: number;
  readonly inFlight: number;
  readonly done: number;
  readonly failed: number;
  readonly deadLetters: number;
  readonly bytes: number;
  readonly words: number;
  /** From the start of the first file to the end of the last one. */
  readonly seconds: number;
}

/** A dead letter and its reason. */
export interface DeadLetterView {
  readonly id: string;
  readonly key: string;
  readonly code: string;
  readonly detail: string;
  readonly at: string;
}

export function fileViews(results: readonly StoredResult[]): readonly FileView[] {
  return [...results]
    .sort((a, b) => b.finishedAt.getTime() - a.finishedAt.getTime())
    .slice(0, MAX_ROWS)
    .map((result) => ({
      bucket: result.object.bucket,
      key: result.object.key,
      jobId: result.jobId,
      outcome: result.outcome,
      ...(result.error === undefined ? {} : { reason: result.error.message }),
      bytes: result.totals.bytes,
      words: result.totals.words,
      distinctWords: result.totals.distinctWords,
      durationMs: result.durationMs,
      finishedAt: result.finishedAt.toISOString(),
      worker: result.worker,
      top: result.words.slice(0, TOP_WORDS),
    }));
}

export function summaryView(
  results: readonly StoredResult[],
  jobs: QueueDepth,
  deadLetters: QueueDepth | undefined,
): SummaryView {
  const failed = results.filter((result) => result.outcome.startsWith('failed:')).length;
  const ends = results.map((result) => result.finishedAt.getTime());
  const starts = results.map((result) => result.finishedAt.getTime() - result.durationMs);
  const sum = (value: (result: StoredResult) => number): number =>
    results.reduce((total, result) => total + value(result), 0);
  return {
    queued: jobs.visible + jobs.delayed,
    inFlight: jobs.inFlight,
    done: results.length - failed,
    failed,
    deadLetters: (deadLetters?.visible ?? 0) + (deadLetters?.inFlight ?? 0),
    bytes: sum((result) => result.totals.bytes),
    words: sum((result) => result.totals.words),
    seconds: results.length === 0 ? 0 : (maximum(ends) + maximum(starts.map((start) => -start))) / 1000,
  };
}

/** `Math.max(...numbers)` would run out of stack on many thousands. */
function maximum(numbers: readonly number[]): number {
  return numbers.reduce((highest, number) => Math.max(highest, number), Number.NEGATIVE_INFINITY);
}

export function deadLetterViews(letters: readonly DeadLetter[]): readonly DeadLetterView[] {
  return letters.map(({ message, reason, quarantinedAt }) => ({
    id: message.id,
    key: reason?.facts?.get('key') ?? '',
    code: reason?.code ?? 'received-too-often',
    detail: reason?.detail ?? 'The queue moved the message here after too many receives.',
    at: (quarantinedAt ?? message.sentAt)?.toISOString() ?? '',
  }));
}

export function mailViews(
  mails: readonly MailPreview[],
): readonly (Omit<MailPreview, 'at'> & { at: string })[] {
  return mails.slice(0, MAX_ROWS).map((mail) => ({ ...mail, at: mail.at.toISOString() }));
}
