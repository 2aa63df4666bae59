import type { Clock, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { type HandleMessageDependencies, handleMessage } from '../../src/jobs/handle-message.ts';
import { CircuitBreaker } from '../../src/queue/circuit-breaker.ts';
import { createWorker, type Worker } from '../../src/queue/create-worker.ts';
import type { MemoryWorld } from './memory-world.ts';

/** What the simulated network does to calls. */
export interface Weather {
  /** Whether calls fail and stall. */
  stormy: boolean;
}

/** A worker that can be killed at any moment: from then on nothing that it calls answers. */
export interface SimulatedProcess {
  readonly worker: Worker;
  /** Of messages that this process received, while it lived. */
  readonly received: ReadonlySet<string>;
  /** Of messages that have an outcome. */
  readonly ended: ReadonlySet<string>;
  kill(): void;
}

const FAULT_SHARE = 0.04;
const STALL_SHARE = 0.02;
const MAX_LATENCY_MS = 300;
const MAX_STALL_MS = 60_000;

/** Starts a worker over the world's ports, behind a network of its own. */
export function startSimulatedProcess(
  world: MemoryWorld,
  weather: Weather,
  random: () => number,
): SimulatedProcess {
  let alive = true;
  const received = new Set<string>();
  const ended = new Set<string>();
  const call = createNetwork(world.clock, weather, random, () => alive);
  const receipt = ({ id, receiveCount }: QueueMessage): string => `${id}/${receiveCount}`;
  const queue = behind(world.queue, call);
  const { objects, results, publisher, notifier } = world;
  const circuit = new CircuitBreaker({ clock: world.clock });
  const dependencies: HandleMessageDependencies = {
    ...world.dependencies,
    random,
    queue,
    objects: behind(objects, call),
    results: behind(results, call),
    publisher: behind(publisher, call),
    notifier: behind(notifier, call),
    isOutage: () => circuit.open,
    waitOut: (code, messageId, signal) => circuit.waitOut(code, messageId, signal),
  };
  const worker = createWorker({
    queue: {
      ...queue,
      async receive(options) {
        const messages = await queue.receive(options);
        for (const message of messages) received.add(receipt(message));
        return messages;
      },
    },
    clock: world.clock,
    concurrency: 3,
    visibilitySeconds: 30,
    allowance: (free, inFlight) => circuit.allowance(free, inFlight),
    onError: () => undefined,
    onReturned: (message) => ended.add(receipt(message)),
    async process(message, signal) {
      const outcomes = await handleMessage(message, dependencies, signal);
      circuit.learn(outcomes);
      if (outcomes.length > 0) ended.add(receipt(message));
    },
  });
  return {
    worker,
    received,
    ended,
    kill() {
      alive = false;
    },
  };
}

type Network = <T>(run: () => Promise<T>) => Promise<T>;

/** Calls take time, fail before or after they took effect, and stall. A dead process never hears back. */
function createNetwork(clock: Clock, weather: Weather, random: () => number, alive: () => boolean): Network {
  const untilDead = new Promise<never>(() => undefined);
  const pass = async (): Promise<void> => {
    if (!alive()) await untilDead;
    if (!weather.stormy) return;
    const stalled = random() < STALL_SHARE;
    await clock.sleep(random() * (stalled ? MAX_STALL_MS : MAX_LATENCY_MS));
    if (!alive()) await untilDead;
    if (random() >= FAULT_SHARE) return;
    const code = random() < 0.5 ? 'unavailable' : 'throttled';
    throw Object.assign(new Error('a simulated fault'), { code, retryable: true });
  };
  return async (run) => {
    await pass();
    const value = await run();
    await pass();
    return value;
  };
}

/** The port, reached over the network. */
function behind<Port extends object>(port: Port, call: Network): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) => call(async () => method.apply(target, args));
    },
  });
}
