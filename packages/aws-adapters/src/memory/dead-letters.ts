import type { Clock, DeadLetterQueue, DeadLetterSender, QueueMessage } from '../ports/index.ts';
import { quarantineAttributes, toDeadLetter } from '../rules/queue-message.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';
import type { MemoryQueue } from './queue.ts';

/** Creates a sender of dead letters onto a queue in memory. */
export function createMemoryDeadLetterSender(options: {
  /** The dead-letter queue. */
  readonly queue: MemoryQueue;
  readonly clock: Pick<Clock, 'now'>;
  readonly hooks?: CallHooks;
}): DeadLetterSender {
  const { queue, clock, hooks } = options;
  return {
    send: (message, reason) =>
      withHooks(hooks, 'dead-letter-sender.send', message.id, () => {
        queue.send(message.body, { attributes: quarantineAttributes(message, reason, clock.now()) });
      }),
  };
}

/** A receive takes at most ten messages. */
const MAX_BATCH = 10;

/** Creates a dead-letter queue in memory, for people who look at it. */
export function createMemoryDeadLetterQueue(options: { queue: MemoryQueue }): DeadLetterQueue {
  const { queue } = options;
  return {
    async peek(limit, { signal } = {}) {
      const messages: QueueMessage[] = [];
      while (messages.length < limit) {
        const batch = await queue.receive({
          maxMessages: Math.min(MAX_BATCH, limit - messages.length),
          waitSeconds: 0,
          visibilitySeconds: 30,
          ...(signal === undefined ? {} : { signal }),
        });
        if (batch.length === 0) break;
        messages.push(...batch);
      }
      for (const message of messages) queue.changeVisibility(message.receipt, 0);
      return messages.map(toDeadLetter);
    },
    depth: async () => queue.depth(),
  };
}
