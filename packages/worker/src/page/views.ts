import type {
  DeadLetter,
  QueueDepth,
  ResultWarning,
  StoredResult,
  WordCount,
} from '@org/wordfreq-aws-adapters/ports';
import type { MailPreview } from './page-sources.ts';
import type { ResultTotals } from './result-totals.ts';

/** How many mails the view holds; the newest ones. */
const MAX_MAILS = 100;
/** How many words a row holds. */
const TOP_WORDS = 10;

/** A file and its fate, as the page and its JSON show it. */
export interface FileView {
  /** The bucket. */
  readonly bucket: string;
  /** The key. */
  readonly key: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
  /** The id of the job. */
  readonly jobId: string;
  /** How the job ended. */
  readonly outcome: string;
  /** Why it failed, in one sentence, or why its words are missing. */
  readonly reason?: string;
  /** The length of the text in bytes. */
  readonly bytes: number;
  /** The number of words. */
  readonly words: number;
  /** The number of distinct words. */
  readonly distinctWords: number;
  /** How long the job took. */
  readonly durationMs: number;
  /** When the job ended, in ISO 8601. */
  readonly finishedAt: string;
  /** The number of the receive in which the job ended. */
  readonly attempt: number;
  /** The worker that wrote the record. */
  readonly worker: string;
  /** The tokenizer. */
  readonly tokenizer: string;
  /** What was unusual about the text. */
  readonly warnings: readonly ResultWarning[];
  /** The ten most frequent words; all that are kept in a file's history. */
  readonly top: readonly WordCount[];
}

/** Work waiting, work done, and what it came to. */
export interface SummaryView extends Omit<ResultTotals, 'files'> {
  /** Jobs that are waiting. */
  readonly queued: number;
  /** Jobs that workers are processing. */
  readonly inFlight: number;
  /** Files that ended in any way but failure. */
  readonly done: number;
  /** Files that failed. */
  readonly failed: number;
  /** Null where their queue cannot be asked. */
  readonly deadLetters: number | null;
  /** When the results were last read; queues are asked more often where there are very many results. */
  readonly resultsAt: string;
  /** What this visitor may do. */
  readonly can: Abilities;
}

/** What whoever looks may see and do. */
export interface Abilities {
  /** Whether files can be uploaded. */
  readonly upload: boolean;
  /** Whether dead letters can be redriven. */
  readonly redrive: boolean;
  /** Whether there are mails to show. */
  readonly notifications: boolean;
  /** The largest file that can be uploaded. */
  readonly maxUploadBytes: number;
}

/** A dead letter and its reason. */
export interface DeadLetterView {
  /** The queue's id of the message. */
  readonly id: string;
  /** Empty where the message is of no file, or does not say. */
  readonly bucket: string;
  /** The key; empty if the message is not about a file. */
  readonly key: string;
  /** The code of the reason. */
  readonly code: string;
  /** The reason in one sentence. */
  readonly detail: string;
  /** How a message that was not understood begins; else empty. */
  readonly excerpt: string;
  /** Empty where the queue does not say. */
  readonly at: string;
}

export function fileView(result: StoredResult): FileView {
  return { ...historyView(result), top: result.words.slice(0, TOP_WORDS) };
}

/** With all words that the record holds. */
export function historyView(result: StoredResult): FileView {
  const { object } = result;
  const reason = result.error?.message ?? result.missingWords;
  return {
    bucket: object.bucket,
    key: object.key,
    version: object.versionId ?? object.eTag ?? '',
    jobId: result.jobId,
    outcome: result.outcome,
    ...(reason === undefined ? {} : { reason }),
    bytes: result.totals.bytes,
    words: result.totals.words,
    distinctWords: result.totals.distinctWords,
    durationMs: result.durationMs,
    finishedAt: result.finishedAt.toISOString(),
    attempt: result.attempt,
    worker: result.worker,
    tokenizer: result.options.tokenizer,
    warnings: result.warnings,
    top: result.words,
  };
}

export function summaryView(
  { files, ...totals }: ResultTotals,
  depths: { readonly jobs: QueueDepth; readonly deadLetters: QueueDepth | undefined },
  rest: Pick<SummaryView, 'resultsAt' | 'can'>,
): SummaryView {
  const { jobs, deadLetters } = depths;
  return {
    queued: jobs.visible + jobs.delayed,
    inFlight: jobs.inFlight,
    done: files - totals.failed,
    // Messages in flight there are those that somebody reads at this moment.
    deadLetters: deadLetters === undefined ? null : deadLetters.visible + deadLetters.inFlight,
    ...totals,
    ...rest,
  };
}

export function deadLetterViews(letters: readonly DeadLetter[]): readonly DeadLetterView[] {
  return letters.map(({ message, reason, quarantinedAt }) => ({
    id: message.id,
    bucket: reason?.facts?.get('bucket') ?? '',
    key: reason?.facts?.get('key') ?? '',
    code: reason?.code ?? 'received-too-often',
    detail: reason?.detail ?? 'The queue moved the message here after too many receives.',
    excerpt: reason?.facts?.get('excerpt') ?? '',
    at: (quarantinedAt ?? message.sentAt)?.toISOString() ?? '',
  }));
}

export function mailViews(
  mails: readonly MailPreview[],
): readonly (Omit<MailPreview, 'at'> & { readonly at: string })[] {
  return mails.slice(0, MAX_MAILS).map((mail) => ({ ...mail, at: mail.at.toISOString() }));
}
