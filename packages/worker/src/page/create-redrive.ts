import type { CallOptions, Clock, JobQueue, JobSender, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { reasonCodeOf, toDeadLetter } from '@org/wordfreq-aws-adapters/rules';

/** Options of {@link createPurge}. */
export interface PurgeOptions {
  /** The dead-letter queue, as one that is received from. */
  readonly from: Pick<JobQueue, 'receive' | 'release' | 'delete'>;
  /** The clock, injected so that tests control time. */
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

/** Options of {@link createRedrive}. */
export interface RedriveOptions extends PurgeOptions {
  /** Sends to the jobs queue. */
  readonly to: JobSender;
}

/**
 * Which dead letters: those of the ids, those with the reason, or those with both. Default: all that are
 * there.
 */
export interface LetterChoice {
  /** The ids of messages. */
  readonly ids?: readonly string[] | undefined;
  /** A reason code, such as `access-denied`. */
  readonly reason?: string | undefined;
}

/** Sends dead letters back, and returns how many it sent. */
export type Redrive = (which?: LetterChoice, call?: CallOptions) => Promise<number>;

/** Deletes dead letters for good, and returns how many. */
export type Purge = (which: LetterChoice, call?: CallOptions) => Promise<number>;

const BATCH = 10;
/** The most messages that one call looks at; call again if there are more. */
const MAX_MESSAGES = 1000;
/** Nobody else sees the messages while they are looked through and sent. */
const VISIBILITY_SECONDS = 120;
/** Half of that is for looking; the other half is left for sending. */
const MAX_LOOKING_MS = (VISIBILITY_SECONDS / 2) * 1000;

/**
 * Creates the function that redrives dead letters: for the page and for tools. It first receives the dead
 * letters that exist when it is called, and sends them only then: one that fails again at once is not sent a
 * second time. A message is sent before it is deleted, so that a crash sends it twice rather than never;
 * repeating a job is harmless. Dead letters that were not requested, or not sent because the call was
 * aborted, are returned.
 *
 * @returns a function of a choice of messages (default: all there are, at most 1,000) that returns how many
 * were sent back
 * @throws what the queues' adapters throw; those sent before that stay sent
 * @example
 * const redrive = createRedrive({ from: deadLetterQueue, to: jobSender, clock: systemClock });
 * await redrive({ reason: 'access-denied' }); // 3
 */
export function createRedrive({ from, to, clock }: RedriveOptions): Redrive {
  return (which = {}, call = {}) =>
    takeLetters({ from, clock }, which, call, (batch) => to.send(batch.map(({ body }) => body)));
}

/**
 * Makes the function that deletes dead letters for good. It finds them as {@link createRedrive} does.
 *
 * @example
 * const purge = createPurge({ from: deadLetterQueue, clock: systemClock });
 * await purge({ ids: ['5f1a…'] }); // 1
 */
export function createPurge({ from, clock }: PurgeOptions): Purge {
  return (which, call = {}) => takeLetters({ from, clock }, which, call, async () => undefined);
}

/** Deletes the chosen letters, each batch after `before` has handled it. */
async function takeLetters(
  { from, clock }: PurgeOptions,
  which: LetterChoice,
  { signal }: CallOptions,
  before: (batch: readonly QueueMessage[]) => Promise<void>,
): Promise<number> {
  const held = new Map<string, QueueMessage>();
  try {
    const chosen = await receiveChosen(held, { from, clock }, which, signal);
    let taken = 0;
    while (taken < chosen.length && signal?.aborted !== true) {
      const batch = chosen.slice(taken, taken + BATCH);
      await before(batch);
      for (const { id } of batch) held.delete(id);
      await Promise.all(batch.map((message) => from.delete(message)));
      taken += batch.length;
    }
    return taken;
  } finally {
    await giveBack([...held.values()], from);
  }
}

/** Receives letters into `held` until all that are wanted were found, and returns those to take. */
async function receiveChosen(
  held: Map<string, QueueMessage>,
  { from, clock }: PurgeOptions,
  { ids, reason }: LetterChoice,
  signal: AbortSignal | undefined,
): Promise<readonly QueueMessage[]> {
  const askedAt = clock.now();
  const startedMs = clock.monotonicMs();
  const wanted = ids === undefined ? undefined : new Set(ids);
  const isChosen = (message: QueueMessage): boolean =>
    (wanted?.has(message.id) ?? (message.sentAt ?? askedAt) <= askedAt) &&
    (reason === undefined || reasonCodeOf(toDeadLetter(message)) === reason);
  let chosen: readonly QueueMessage[] = [];
  while (
    held.size < MAX_MESSAGES &&
    chosen.length < (wanted?.size ?? Number.POSITIVE_INFINITY) &&
    clock.monotonicMs() - startedMs < MAX_LOOKING_MS &&
    signal?.aborted !== true
  ) {
    const messages = await from.receive({
      maxMessages: BATCH,
      waitSeconds: 1,
      visibilitySeconds: VISIBILITY_SECONDS,
      ...(signal === undefined ? {} : { signal }),
    });
    if (messages.length === 0) break;
    // By id: a queue may hand a message out twice.
    for (const message of messages) held.set(message.id, message);
    chosen = [...held.values()].filter(isChosen);
  }
  return chosen;
}

async function giveBack(messages: readonly QueueMessage[], from: RedriveOptions['from']): Promise<void> {
  for (let start = 0; start < messages.length; start += BATCH) {
    await Promise.all(messages.slice(start, start + BATCH).map((message) => from.release(message, 0)));
  }
}
