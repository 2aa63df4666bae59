import type {
  CallOptions,
  Clock,
  DigestEntry,
  DigestOutbox,
  Notification,
  Notifier,
} from '@org/wordfreq-aws-adapters/ports';
import { escapeText, excerpt, isFailure } from '@org/wordfreq-aws-adapters/rules';

/** What sending a digest needs. */
export interface DigestDependencies {
  readonly outbox: Pick<DigestOutbox, 'claim' | 'list' | 'remove'>;
  readonly notifier: Notifier;
  readonly clock: Pick<Clock, 'now'>;
}

/** The most entries that one digest reports; more go into the next one. */
const MAX_ENTRIES = 20_000;
/** The most failures that a mail names; all are counted, and all are in the table. */
const MAX_FAILURES = 100;
const MAX_DETAIL_LENGTH = 200;

/**
 * Sends one mail about everything that ended since the last one, unless somebody sent one less than
 * `intervalMs` ago, or nothing ended. Any number of workers may call it at any time: only one of them sends
 * it. After a crash between the mail and the removal of its entries, the next mail reports them again.
 *
 * @returns how many outcomes the digest reported
 * @throws what {@link DigestOutbox} and {@link Notifier} throw; nothing is lost then, as the next digest
 * reports it
 * @example
 * await sendDigest({ outbox, notifier, clock }, { intervalMs: 3_600_000 });
 */
export async function sendDigest(
  { outbox, notifier, clock }: DigestDependencies,
  { intervalMs, ...call }: CallOptions & { readonly intervalMs: number },
): Promise<number> {
  const at = clock.now();
  if (!(await outbox.claim({ at, notSince: new Date(at.getTime() - intervalMs) }, call))) return 0;
  const entries = await outbox.list(MAX_ENTRIES, call);
  if (entries.length === 0) return 0;
  await notifier.notify(digestOf(entries, at), call);
  await outbox.remove(
    entries.map(({ id }) => id),
    call,
  );
  return entries.length;
}

function digestOf(entries: readonly DigestEntry[], at: Date): Notification {
  const failures = entries.filter(needsAttention).sort((a, b) => a.at.getTime() - b.at.getTime());
  const first = Math.min(...entries.map((entry) => entry.at.getTime()));
  const more = failures.length - MAX_FAILURES;
  return {
    kind: 'digest',
    id: `digest-${at.toISOString()}`,
    subject: `wordfreq: ${entries.length} done, ${failures.length} of them failed`,
    text: [
      `From ${new Date(first).toISOString()} to ${at.toISOString()}:`,
      '',
      ...countsOf(entries).map(([outcome, count]) => `${count}\t${outcome}`),
      ...(failures.length === 0 ? [] : ['', 'Failed, and in the dead-letter queue with the reason:', '']),
      ...failures.slice(0, MAX_FAILURES).map(lineOf),
      ...(more > 0 ? [`… and ${more} more.`] : []),
      ...(entries.length === MAX_ENTRIES ? ['', 'There is more: the next digest reports it.'] : []),
    ].join('\n'),
    facts: new Map([
      ['done', String(entries.length)],
      ['failed', String(failures.length)],
    ]),
  };
}

/** Outcomes with their numbers, the most frequent first. */
function countsOf(entries: readonly DigestEntry[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { outcome } of entries) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

function needsAttention({ outcome }: DigestEntry): boolean {
  return isFailure(outcome) || outcome.startsWith('quarantined:');
}

function lineOf({ id, object, outcome, detail = '' }: DigestEntry): string {
  const what =
    object === undefined ? `message ${id}` : `${escapeText(object.key)} of bucket ${object.bucket}`;
  return `${what}: ${outcome}${detail === '' ? '' : `: ${excerpt(detail, MAX_DETAIL_LENGTH)}`}`;
}
