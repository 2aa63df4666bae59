import type { Clock, ObjectBody, ObjectReader, ReadOptions } from '@org/wordfreq-aws-adapters/ports';
import type { Chance } from './faults.ts';

/** Which faults happen at the moment. */
export interface FaultPlan {
  /** Whether calls and bodies fail and stall. */
  active: boolean;
  /** Whether every object is denied, as when a key was disabled. */
  denied: boolean;
}

/** One process' way to the services. */
export interface Network {
  call<T>(run: () => Promise<T>): Promise<T>;
  /** The port, reached over this network. */
  through<Port extends object>(port: Port): Port;
  /** The objects, reached over this network: bodies break and stall, too. */
  reader<Store extends ObjectReader>(store: Store): Store;
}

const FAULT_SHARE = 0.03;
const STALL_SHARE = 0.02;
const BODY_FAULT_SHARE = 0.1;
const MAX_LATENCY_MS = 300;
const MAX_STALL_MS = 60_000;

/** Calls take time, fail before or after they took effect, and stall. A dead process never hears back. */
export function createNetwork(
  clock: Pick<Clock, 'sleep'>,
  plan: FaultPlan,
  chance: Chance,
  alive: () => boolean,
): Network {
  const untilDead = new Promise<never>(() => undefined);

  async function pass(fault: 'call-fails' | 'response-lost'): Promise<void> {
    if (!alive()) await untilDead;
    if (!plan.active) return;
    await clock.sleep(
      chance.upTo(chance.strikes('call-stalls', STALL_SHARE) ? MAX_STALL_MS : MAX_LATENCY_MS),
    );
    if (!alive()) await untilDead;
    if (chance.strikes(fault, FAULT_SHARE)) throw failure(chance.pick(['unavailable', 'throttled']), true);
  }

  async function call<T>(run: () => Promise<T>): Promise<T> {
    await pass('call-fails');
    const value = await run();
    await pass('response-lost');
    return value;
  }

  function through<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get(target, name, receiver) {
        const method = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => call(async () => method.apply(target, args));
      },
    });
  }

  function refuseWhileDenied(): void {
    if (!plan.denied) return;
    chance.count('access-denied');
    throw failure('access-denied', false);
  }

  /** What an adapter meets that resumes a broken body: the same version, another one, or nothing. */
  async function* spoilt(store: ObjectReader, { info, bytes }: ObjectBody): AsyncIterable<Uint8Array> {
    for await (const chunk of bytes) {
      if (!alive()) await untilDead;
      if (plan.active && chance.strikes('body-stalls', STALL_SHARE))
        await clock.sleep(chance.upTo(MAX_STALL_MS));
      if (plan.active && chance.strikes('body-cut', BODY_FAULT_SHARE)) {
        // The pause before a resumption.
        await clock.sleep(chance.upTo(MAX_STALL_MS));
        await store.head(info).catch((error: unknown) => {
          chance.count('changed-while-read');
          throw error;
        });
        if (chance.random() < 0.5) throw failure('truncated', true);
      }
      yield chunk;
    }
  }

  return {
    call,
    through,
    reader(store) {
      const reached = through(store);
      return new Proxy(reached, {
        get(target, name, receiver) {
          const method = Reflect.get(target, name, receiver);
          if (typeof method !== 'function' || name === 'put') return method;
          return async (...args: Parameters<ObjectReader['read']>) => {
            refuseWhileDenied();
            const answer = await method.apply(target, args);
            if (name !== 'read') return answer;
            return { ...answer, bytes: untilAborted(spoilt(store, answer), args[1]) };
          };
        },
      });
    },
  };
}

async function* untilAborted(
  bytes: AsyncIterable<Uint8Array>,
  { signal }: ReadOptions = {},
): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    if (signal?.aborted === true) throw failure('aborted', true);
    yield chunk;
  }
}

function failure(code: string, retryable: boolean): Error {
  return Object.assign(new Error(`a simulated fault: ${code}`), { code, retryable });
}
