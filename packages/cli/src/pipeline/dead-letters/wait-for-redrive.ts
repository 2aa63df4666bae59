import type { Clock, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { escapeText, isFailure } from '@org/wordfreq-aws-adapters/rules';
import type { Terminal } from '../../terminal/terminal.ts';
import { wrapText } from '../result-view.ts';
import type { FoundLetter } from './dead-letters.ts';

/** How a dead letter that was sent back has ended; the names are public contract. */
export interface RedriveEnd {
  /** Of the letter that was sent back. */
  readonly id: string;
  readonly key?: string;
  readonly state: 'done' | 'failed-again' | 'pending';
  /** What it ended as. */
  readonly outcome?: string;
  /** Why it failed again. */
  readonly code?: string;
  readonly detail?: string;
}

/** What to wait for, and how. */
interface WaitForRedriveOptions {
  /** What was sent back. */
  readonly letters: readonly FoundLetter[];
  /** Ids of all dead letters that there were before. */
  readonly known: ReadonlySet<string>;
  readonly startedAt: Date;
  /** All dead letters that there are now. */
  readonly look: () => Promise<readonly FoundLetter[]>;
  readonly results: Pick<ResultStore, 'versions'>;
  /** The bucket that the workers read. */
  readonly processingBucket: string;
  /** How long to wait at most, altogether. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The first look comes soon, later ones ever later: each hides the dead letters from other readers for a
 * moment.
 */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/**
 * Waits until each letter that was sent back has an outcome, or is a dead letter again: a new one about the
 * same key, or, where there is none, with the same message.
 */
export async function waitForRedrive(options: WaitForRedriveOptions): Promise<readonly RedriveEnd[]> {
  const { letters, known, look, timeoutMs, clock, signal } = options;
  const deadline = clock.monotonicMs() + timeoutMs;
  const ends = new Map<string, RedriveEnd>();
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.5)) {
    const fresh = (await look()).filter(({ view }) => !known.has(view.id));
    for (const letter of letters) {
      const { id, key } = letter.view;
      if (ends.has(id)) continue;
      const end = failedAgain(letter, fresh) ?? (await outcomeOf(letter, options));
      if (end !== undefined) ends.set(id, { id, ...(key === undefined ? {} : { key }), ...end });
    }
    const leftMs = deadline - clock.monotonicMs();
    if (ends.size === letters.length || leftMs <= 0 || signal.aborted) break;
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
  }
  return letters.map(
    ({ view: { id, key } }) =>
      ends.get(id) ?? { id, ...(key === undefined ? {} : { key }), state: 'pending' },
  );
}

type End = Omit<RedriveEnd, 'id' | 'key'>;

function failedAgain({ view, letter }: FoundLetter, fresh: readonly FoundLetter[]): End | undefined {
  const again = fresh.find((other) =>
    view.key === undefined ? other.letter.message.body === letter.message.body : other.view.key === view.key,
  );
  if (again === undefined) return undefined;
  return { state: 'failed-again', code: again.view.code, detail: again.view.detail };
}

async function outcomeOf(
  { view: { key, version } }: FoundLetter,
  { results, processingBucket, startedAt }: WaitForRedriveOptions,
): Promise<End | undefined> {
  if (key === undefined) return undefined;
  const versions = await results.versions(processingBucket, key);
  for (const { outcome, version: counted, finishedAt = 0 } of versions) {
    // A failure from before is why there was a dead letter; one from now comes as a dead letter, too.
    if (outcome === undefined || isFailure(outcome)) continue;
    if (counted === version || finishedAt >= startedAt) return { state: 'done', outcome };
  }
  return undefined;
}

/** How letters ended that were sent back, for people. */
export function* redriveEndLines(ends: readonly RedriveEnd[], terminal: Terminal): Iterable<string> {
  for (const { id, key = id, state, outcome, code, detail } of ends) {
    const mark = state === 'done' ? terminal.good('✔') : terminal.bad(state === 'pending' ? '…' : '✗');
    const what =
      state === 'failed-again' ? `failed again, ${code}: ${detail}` : (outcome ?? 'no outcome yet');
    const [first = '', ...more] = wrapText(`${escapeText(key)}  ${what}`, terminal.columns - 4);
    yield `${mark} ${first}`;
    for (const line of more) yield `    ${line}`;
  }
}
