import { isCoded } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { Clock, JobQueue, JobSender } from '../ports/index.ts';
import { bodyProblem, quarantineAttributes } from '../rules/queue-message.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';
import type { MemoryQueue } from './queue.ts';

/** Options of {@link createMemoryJobQueue}. */
export interface MemoryJobQueueOptions {
  /** The queue of jobs. */
  readonly queue: MemoryQueue;
  /** Its dead-letter queue. */
  readonly deadLetters: MemoryQueue;
  /** The clock, injected so that tests control time. */
  readonly clock: Clock;
  /** Called around each call, to inject failures. */
  readonly hooks?: CallHooks;
}

/**
 * Creates a job queue over two queues in memory.
 *
 * @example
 * const deadLetters = createMemoryQueue({ clock });
 * const queue = createMemoryQueue({ clock, redrive: { deadLetters, maxReceiveCount: 10 } });
 * const jobs = createMemoryJobQueue({ queue, deadLetters, clock });
 */
export function createMemoryJobQueue(options: MemoryJobQueueOptions): JobQueue {
  const { queue, deadLetters, clock, hooks } = options;
  return {
    receive: (receiveOptions) =>
      withHooks(hooks, 'job-queue.receive', '', () => queue.receive(receiveOptions)),
    extend: (message, seconds) =>
      withHooks(hooks, 'job-queue.extend', message.id, () =>
        queue.changeVisibility(message.receipt, seconds),
      ),
    release: (message, seconds) =>
      withHooks(hooks, 'job-queue.release', message.id, () => {
        try {
          queue.changeVisibility(message.receipt, seconds);
        } catch (error) {
          if (!isCoded(error) || error.code !== 'lease-lost') throw error;
        }
      }),
    quarantine: (message, reason) =>
      withHooks(hooks, 'job-queue.quarantine', message.id, async () => {
        const attributes = quarantineAttributes(message, reason, clock.now());
        await withHooks(hooks, 'job-queue.quarantine.send', message.id, () =>
          deadLetters.send(message.body, { attributes }),
        );
        queue.delete(message.receipt);
      }),
    delete: (message) =>
      withHooks(hooks, 'job-queue.delete', message.id, () => queue.delete(message.receipt)),
    depth: () => withHooks(hooks, 'job-queue.depth', '', () => queue.depth()),
    maxReceives: () => withHooks(hooks, 'job-queue.max-receives', '', () => queue.maxReceiveCount),
  };
}

/** Creates a sender onto a queue in memory. */
export function createMemoryJobSender(options: { queue: MemoryQueue; hooks?: CallHooks }): JobSender {
  return {
    send: (bodies) =>
      withHooks(options.hooks, 'job-sender.send', '', () => {
        for (const body of bodies) refuse(bodyProblem(body));
        for (const body of bodies) options.queue.send(body);
      }),
  };
}
