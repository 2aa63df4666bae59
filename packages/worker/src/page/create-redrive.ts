import type { JobQueue, JobSender, QueueMessage } from '@org/wordfreq-aws-adapters/ports';

/** From where to where. */
export interface RedriveOptions {
  /** The dead-letter queue, as one that is received from. */
  readonly from: Pick<JobQueue, 'receive' | 'release' | 'delete'>;
  readonly to: JobSender;
}

const BATCH = 10;
/** So many are looked at in one go; who has more calls again. */
const MAX_MESSAGES = 1000;
/** Nobody else sees the messages while they are looked through. */
const VISIBILITY_SECONDS = 120;

/**
 * Makes the function that sends dead letters back to be done again: for the page and for tools. A message is sent before it is deleted,
 * so that a crash sends it twice rather than never; a job is harmless to repeat. Letters that were not asked for are given back.
 *
 * @returns a function of the ids of messages (default: all there are, at most 1,000) that answers how many were sent back
 * @throws what the queues' adapters throw; those sent before that stay sent
 * @example
 * const redrive = createRedrive({ from: deadLetterQueue, to: jobSender });
 * await redrive(); // 3
 */
export function createRedrive({ from, to }: RedriveOptions): (ids?: readonly string[]) => Promise<number> {
  return async (ids) => {
    const wanted = ids === undefined ? undefined : new Set(ids);
    const others: QueueMessage[] = [];
    let sent = 0;
    try {
      for (let seen = 0; seen < MAX_MESSAGES && sent < (wanted?.size ?? Infinity); ) {
        const messages = await from.receive({
          maxMessages: BATCH,
          waitSeconds: 1,
          visibilitySeconds: VISIBILITY_SECONDS,
        });
        if (messages.length === 0) break;
        seen += messages.length;
        const chosen = messages.filter(({ id }) => wanted?.has(id) ?? true);
        others.push(...messages.filter((message) => !chosen.includes(message)));
        if (chosen.length === 0) continue;
        await to.send(chosen.map(({ body }) => body));
        for (const message of chosen) await from.delete(message);
        sent += chosen.length;
      }
    } finally {
      await Promise.all(others.map((message) => from.release(message, 0)));
    }
    return sent;
  };
}
