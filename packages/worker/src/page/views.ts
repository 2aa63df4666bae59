import type {
  AnnouncementParser,
  DeadLetter,
  IntakePause,
  QueueDepth,
  StoredResult,
} from '@org/wordfreq-aws-adapters/ports';
import {
  type DeadLetterView,
  deadLetterView,
  escapeText,
  isFailure,
  type OutcomeHelp,
  outcomeHelp,
  type ResultView,
  reasonHelp,
  resultView,
} from '@org/wordfreq-aws-adapters/rules';
import type { MailPreview } from './page-sources.ts';
import type { ResultTotals } from './result-totals.ts';

/** How many mails the view holds; the newest ones. */
const MAX_MAILS = 100;
/** How many words a row holds. */
const TOP_WORDS = 10;

/** A file and its outcome, as the page and its JSON show it; of a failure also what to do. */
export interface FileView extends ResultView, Partial<Pick<OutcomeHelp, 'hint' | 'remedy'>> {}

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
  /** Since when the workers take nothing, and who asked for it; null while they do. */
  readonly paused: { readonly since: string; readonly by?: string } | null;
  /** When the results were last read; while nothing changes, that is every 20 seconds. */
  readonly resultsAt: string;
  /** False while older results are still being added up; the totals are too small then. */
  readonly complete: boolean;
  /** What this visitor may do. */
  readonly can: Abilities;
}

/** What a visitor may see and do. */
export interface Abilities {
  /** Whether files can be uploaded. */
  readonly upload: boolean;
  /** Whether dead letters can be redriven. */
  readonly redrive: boolean;
  /** Whether dead letters can be deleted. */
  readonly purge: boolean;
  /** Whether intake can be paused and resumed. */
  readonly pause: boolean;
  /** Whether there are mails to show. */
  readonly notifications: boolean;
  /** The largest file that can be uploaded. */
  readonly maxUploadBytes: number;
}

/** A dead letter and its reason, and what to do. */
export interface LetterView extends DeadLetterView, OutcomeHelp {}

/** A file with its ten most frequent words. */
export function fileView(result: StoredResult): FileView {
  return withHelp(resultView(result, TOP_WORDS));
}

/** With all words that the record holds. */
export function historyView(result: StoredResult): FileView {
  return withHelp(resultView(result));
}

function withHelp(view: ResultView): FileView {
  if (!isFailure(view.outcome)) return view;
  const { hint, remedy } = outcomeHelp(view.outcome);
  return { ...view, ...(hint === undefined ? {} : { hint }), remedy };
}

export function summaryView(
  { files, ...totals }: ResultTotals,
  work: {
    readonly jobs: QueueDepth;
    readonly deadLetters: QueueDepth | undefined;
    readonly pause: IntakePause | undefined;
  },
  rest: Pick<SummaryView, 'resultsAt' | 'complete' | 'can'>,
): SummaryView {
  const { jobs, deadLetters, pause } = work;
  return {
    queued: jobs.visible + jobs.delayed,
    inFlight: jobs.inFlight,
    done: files - totals.failed,
    // Messages in flight there are those that somebody reads at this moment.
    deadLetters: deadLetters === undefined ? null : deadLetters.visible + deadLetters.inFlight,
    paused: pause === undefined ? null : { ...pause, since: pause.since.toISOString() },
    ...totals,
    ...rest,
  };
}

/** Without a parser nothing is known but what the reason says. */
const NOTHING_PARSED: AnnouncementParser = () => ({
  ok: false,
  reason: 'unknown-shape',
  detail: '',
  excerpt: '',
});

export function letterViews(
  letters: readonly DeadLetter[],
  parse: AnnouncementParser = NOTHING_PARSED,
): readonly LetterView[] {
  return letters.map((letter) => {
    const view = deadLetterView(letter, parse);
    return { ...view, ...reasonHelp(view.code) };
  });
}

/** Whether a search of the dead letters finds one: by key, reason or detail, in any case. */
export function letterMatches({ key = '', code, detail, id }: LetterView, text: string): boolean {
  const wanted = text.toLowerCase();
  return [key, escapeText(key), code, detail, id].some((value) => value.toLowerCase().includes(wanted));
}

export function mailViews(
  mails: readonly MailPreview[],
): readonly (Omit<MailPreview, 'at'> & { readonly at: string })[] {
  return mails.slice(0, MAX_MAILS).map((mail) => ({ ...mail, at: mail.at.toISOString() }));
}
