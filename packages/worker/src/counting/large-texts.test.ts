import { describe, expect, it } from 'vitest';
import { LARGE_BYTES, LargeTextTurns } from './large-texts.ts';

const never = new AbortController().signal;
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Starts a text; its turn ends when the returned function is called. */
function starter(turns: LargeTextTurns) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const start = async (name: string, bytes: number | undefined, signal = never): Promise<void> => {
    ends.set(name, await turns.wait(bytes, signal));
    started.push(name);
  };
  return { started, start, end: (name: string) => ends.get(name)?.() };
}

/** Four texts have their turn; the fifth, which `stop` gives up, and the sixth wait. */
async function fourCountedAndTwoWaiting() {
  const { started, start, end } = starter(new LargeTextTurns());
  for (const name of ['1', '2', '3', '4']) void start(name, LARGE_BYTES);
  const stop = new AbortController();
  const givenUp = expect(start('5', LARGE_BYTES, stop.signal)).rejects.toThrow('stopping');
  void start('6', LARGE_BYTES);
  await settle();
  return { started, start, end, stop, givenUp };
}

describe(LargeTextTurns, () => {
  it('lets four large texts be counted at once, the others in their order, and small ones always', async () => {
    const { started, start, end } = starter(new LargeTextTurns());
    for (const name of ['1', '2', '3', '4', '5', '6']) void start(name, LARGE_BYTES);
    void start('small', LARGE_BYTES - 1);
    void start('of unknown size', undefined);
    await settle();
    expect(started.sort()).toEqual(['1', '2', '3', '4', 'of unknown size', 'small'].sort());
    end('3');
    await settle();
    expect(started.slice(6)).toEqual(['5']);
    end('small');
    await settle();
    expect(started).toHaveLength(7);
    end('1');
    end('5');
    await settle();
    expect(started.slice(7)).toEqual(['6']);
  });

  it('ends the wait of a text that is given up, and gives its turn to the next', async () => {
    const { started, start, end, stop, givenUp } = await fourCountedAndTwoWaiting();
    stop.abort(new Error('stopping'));
    await givenUp;
    end('1');
    await settle();
    expect(started).toEqual(['1', '2', '3', '4', '6']);
    await expect(start('7', LARGE_BYTES, stop.signal)).rejects.toThrow('stopping');
  });

  it('gives the turn of a text that is given up in the moment of its turn to the next', async () => {
    const { started, end, stop, givenUp } = await fourCountedAndTwoWaiting();
    end('1');
    stop.abort(new Error('stopping'));
    await givenUp;
    await settle();
    expect(started).toEqual(['1', '2', '3', '4', '6']);
  });
});
