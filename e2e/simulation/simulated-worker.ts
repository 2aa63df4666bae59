import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { Clock, JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { composeWorker, type RunningWorker } from '../../packages/worker/src/compose.ts';
import { readConfig } from '../../packages/worker/src/config.ts';
import { ENVIRONMENT } from '../../packages/worker/test/support/memory-world.ts';
import { type Cloud, PROCESSING } from './cloud.ts';
import type { Chance } from './faults.ts';
import { createNetwork, type FaultPlan } from './network.ts';

/** A worker that can be killed at any moment: from then on none of its calls returns. */
export interface SimulatedWorker {
  readonly worker: RunningWorker;
  /** Whether it is asking for messages. */
  readonly receiving: boolean;
  /** Receipts of the messages that this process received while it lived. */
  readonly received: ReadonlySet<string>;
  /** Receipts of the messages that have an outcome. */
  readonly ended: ReadonlySet<string>;
  kill(): void;
}

const MAX_SKEW_MS = 600_000;
const CONFIG = readConfig({
  ...ENVIRONMENT,
  PROCESSING_BUCKET: PROCESSING,
  CONCURRENCY: '3',
  VISIBILITY_SECONDS: '30',
  WORKER_NAME: 'simulated',
});

/**
 * Starts a worker, composed as the program composes it, in a process with a network and a clock of its own.
 */
export function startSimulatedWorker(cloud: Cloud, plan: FaultPlan, chance: Chance): SimulatedWorker {
  let alive = true;
  let receiving = false;
  const received = new Set<string>();
  const ended = new Set<string>();
  const network = createNetwork(cloud.clock, plan, chance, () => alive);
  const receipt = ({ id, receiveCount }: QueueMessage): string => `${id}/${receiveCount}`;
  const reached = network.through(cloud.jobQueue);
  const queue: JobQueue = {
    ...reached,
    async receive(options) {
      receiving = true;
      const messages = await reached.receive(options).finally(() => {
        receiving = false;
      });
      for (const message of messages) received.add(receipt(message));
      return messages;
    },
  };
  const ports = {
    queue,
    parse: parseAnnouncement,
    objects: network.reader(cloud.objects),
    results: network.through(cloud.results),
    publisher: network.through(cloud.publisher),
    notifier: network.through(cloud.notifier),
    digest: network.through(cloud.digest),
  };
  const worker = composeWorker(ports, CONFIG, {
    clock: skewed(cloud.clock, chance),
    random: chance.random,
    onOutcomes: (message) => void ended.add(receipt(message)),
  }).start();
  return {
    worker,
    get receiving() {
      return receiving;
    },
    received,
    ended,
    kill() {
      alive = false;
    },
  };
}

/** A machine whose wall clock is wrong. Its seconds are as long as everybody's. */
function skewed(clock: Clock, chance: Chance): Clock {
  if (!chance.strikes('clock-skewed', 0.5)) return clock;
  const skewMs = chance.upTo(2 * MAX_SKEW_MS) - MAX_SKEW_MS;
  return {
    now: () => new Date(clock.now().getTime() + skewMs),
    monotonicMs: () => clock.monotonicMs(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}
