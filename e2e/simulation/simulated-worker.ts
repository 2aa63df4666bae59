import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { Clock, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import {
  CircuitBreaker,
  createInlineCounting,
  createWorker,
  DEFAULT_FAILURE_POLICY,
  type HandleMessageDependencies,
  handleMessage,
  type Worker,
} from '@org/wordfreq-worker';
import { type Cloud, MAX_RECEIVES, PROCESSING } from './cloud.ts';
import type { Chance } from './faults.ts';
import { createNetwork, type Weather } from './network.ts';

/** A worker that can be killed at any moment: from then on nothing that it calls answers. */
export interface SimulatedWorker {
  readonly worker: Worker;
  /** Whether it is asking for messages. */
  readonly receiving: boolean;
  /** Of messages that this process received, while it lived. */
  readonly received: ReadonlySet<string>;
  /** Of messages that have an outcome. */
  readonly ended: ReadonlySet<string>;
  kill(): void;
}

const MAX_SKEW_MS = 600_000;

/** Starts a worker in a process with a network and a clock of its own. */
export function startSimulatedWorker(cloud: Cloud, weather: Weather, chance: Chance): SimulatedWorker {
  let alive = true;
  let receiving = false;
  const received = new Set<string>();
  const ended = new Set<string>();
  const clock = skewed(cloud.clock, chance);
  const network = createNetwork(cloud.clock, weather, chance, () => alive);
  const receipt = ({ id, receiveCount }: QueueMessage): string => `${id}/${receiveCount}`;
  const queue = network.behind(cloud.jobQueue);
  const circuit = new CircuitBreaker({ clock });
  const dependencies = dependenciesOf(cloud, clock, chance, network, circuit);
  const worker = createWorker({
    queue: {
      ...queue,
      async receive(options) {
        receiving = true;
        const messages = await queue.receive(options).finally(() => {
          receiving = false;
        });
        for (const message of messages) received.add(receipt(message));
        return messages;
      },
    },
    clock,
    concurrency: 3,
    visibilitySeconds: 30,
    allowance: (free, inFlight) => circuit.allowance(free, inFlight),
    onError: () => undefined,
    onReturned: (message) => void ended.add(receipt(message)),
    async process(message, signal) {
      const outcomes = await handleMessage(message, dependencies, signal);
      circuit.learn(outcomes);
      if (outcomes.length > 0) ended.add(receipt(message));
    },
  });
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

function dependenciesOf(
  cloud: Cloud,
  clock: Clock,
  chance: Chance,
  network: ReturnType<typeof createNetwork>,
  circuit: CircuitBreaker,
): HandleMessageDependencies {
  const { jobQueue, objects, results, publisher, notifier } = cloud;
  return {
    clock,
    random: chance.random,
    counting: createInlineCounting(),
    parse: parseAnnouncement,
    queue: network.behind(jobQueue),
    objects: network.reader(objects),
    results: network.behind(results),
    publisher: network.behind(publisher),
    notifier: network.behind(notifier),
    notify: 'failures',
    failurePolicy: DEFAULT_FAILURE_POLICY,
    maxReceives: () => MAX_RECEIVES,
    isOutage: () => circuit.open,
    waitOut: (code, messageId, signal) => circuit.waitOut(code, messageId, signal),
    policy: {
      tokenizer: 'unicode',
      topWords: 10,
      allowedBuckets: new Set([PROCESSING]),
      keySuffix: '.txt',
      maxObjectBytes: 1_000_000,
      workerName: 'simulated',
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
