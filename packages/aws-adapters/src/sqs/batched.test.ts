import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AdapterError } from '../errors/index.ts';
import { type BatchedOptions, batched } from './batched.ts';

/** Requests that end when the test says so. */
class Requests {
  readonly made: (readonly string[])[] = [];
  readonly #open: { resolve: (refused: readonly string[]) => void; reject: (error: unknown) => void }[] = [];

  options(limits: Pick<BatchedOptions<string>, 'bytesOf' | 'maxBytes'> = {}): BatchedOptions<string> {
    return {
      alone: async (entry) => void (await this.#start([entry])),
      together: (entries) => this.#start(entries),
      ...limits,
    };
  }

  #start(entries: readonly string[]): Promise<readonly string[]> {
    this.made.push(entries);
    return new Promise((resolve, reject) => this.#open.push({ resolve, reject }));
  }

  /** Ends the oldest request; what it refused is tried again. */
  async end(refused: readonly string[] = []): Promise<void> {
    this.#open.shift()?.resolve(refused);
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.#open.shift()?.reject(error);
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const names = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

describe('requests made in batches', () => {
  it('makes the request of a lone caller at once, and for it alone', async () => {
    const requests = new Requests();
    const done = batched(requests.options())('a');
    await settled();
    expect(requests.made).toEqual([['a']]);
    await requests.end();
    await expect(done).resolves.toBeUndefined();
  });

  it('puts what comes during a request into the next one', async () => {
    const requests = new Requests();
    const send = batched(requests.options());
    const first = send('a');
    await settled();
    const later = ['b', 'c', 'd'].map(send);
    await settled();
    expect(requests.made).toEqual([['a']]);
    await requests.end();
    expect(requests.made).toEqual([['a'], ['b', 'c', 'd']]);
    await requests.end();
    await expect(Promise.all([first, ...later])).resolves.toHaveLength(4);
  });

  it('lets ten entries go although a request is under way, and never puts more into one', async () => {
    const requests = new Requests();
    const all = names(25).map(batched(requests.options()));
    await settled();
    expect(requests.made).toEqual([names(25).slice(0, 10), names(25).slice(10, 20)]);
    await requests.end();
    await requests.end();
    expect(requests.made[2]).toEqual(names(25).slice(20));
    await requests.end();
    await expect(Promise.all(all)).resolves.toHaveLength(25);
  });

  it('puts no more bytes into a request than it may carry, except for an entry that is larger itself', async () => {
    const requests = new Requests();
    const send = batched(requests.options({ bytesOf: (entry) => entry.length, maxBytes: 5 }));
    const all = ['aa', 'bbb', 'c', 'dddddddd', 'e'].map(send);
    await settled();
    for (let request = 0; request < 4; request += 1) await requests.end();
    expect(requests.made).toEqual([['aa', 'bbb'], ['c'], ['dddddddd'], ['e']]);
    await Promise.all(all);
  });

  it('tries what a batch refused once more by itself, and tells each caller about its own entry', async () => {
    const requests = new Requests();
    const send = batched(requests.options());
    const [a, b, c] = [send('a'), send('b'), send('c')];
    const failed = expect(c).rejects.toThrow('too large');
    await settled();
    await requests.end(['b', 'c']);
    await expect(a).resolves.toBeUndefined();
    expect(requests.made).toEqual([['a', 'b', 'c'], ['b'], ['c']]);
    await requests.end();
    await requests.fail(new AdapterError('invalid', 'too large'));
    await expect(b).resolves.toBeUndefined();
    await failed;
  });

  it('tries each entry by itself if the request as a whole is invalid, and none if it fails otherwise', async () => {
    const requests = new Requests();
    const send = batched(requests.options());
    const invalid = Promise.all(['a', 'b'].map(send));
    await settled();
    await requests.fail(new AdapterError('invalid', 'one of them'));
    expect(requests.made).toEqual([['a', 'b'], ['a'], ['b']]);
    await requests.end();
    await requests.end();
    await invalid;
    const down = Promise.allSettled(['c', 'd'].map(send));
    await settled();
    await requests.fail(new AdapterError('unavailable', 'not now'));
    expect((await down).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(requests.made).toHaveLength(4);
  });

  it('settles every entry as its last request ended, whatever comes when and whatever fails', async () => {
    const random = fc.array(fc.record({ gap: fc.nat(3), fate: fc.constantFrom('taken', 'refused', 'lost') }));
    await fc.assert(
      fc.asyncProperty(random, fc.infiniteStream(fc.nat(3)), async (calls, delays) => {
        const taken: number[] = [];
        let largest = 0;
        const pause = async (): Promise<void> => {
          for (let turn = delays.next().value ?? 0; turn > 0; turn -= 1) await settled();
        };
        const send = batched<number>({
          async alone(index) {
            await pause();
            if (calls[index]?.fate !== 'taken') throw new AdapterError('invalid', String(index));
            taken.push(index);
          },
          async together(indexes) {
            await pause();
            largest = Math.max(largest, indexes.length);
            if (indexes.some((index) => calls[index]?.fate === 'lost'))
              throw new AdapterError('unavailable', 'lost');
            const refused = indexes.filter((index) => calls[index]?.fate === 'refused');
            taken.push(...indexes.filter((index) => !refused.includes(index)));
            return refused;
          },
        });
        const ends: Promise<void>[] = [];
        for (const [index, { gap }] of calls.entries()) {
          for (let turn = 0; turn < gap; turn += 1) await settled();
          ends.push(send(index));
          ends.at(-1)?.catch(() => undefined);
        }
        const results = await Promise.allSettled(ends);
        const resolved = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
        expect([...taken].sort((a, b) => a - b)).toEqual(resolved);
        expect(largest).toBeLessThanOrEqual(10);
      }),
    );
  });
});
