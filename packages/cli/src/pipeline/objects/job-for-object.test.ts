import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { countAhead } from './job-for-object.ts';

describe(countAhead, () => {
  it('knows the number once the listing has ended', async () => {
    const { total } = countAhead(
      (async function* () {
        yield* ['a', 'b', 'c'];
      })(),
    );
    expect(total()).toBeUndefined();
    await nextTurn();
    expect(total()).toBe(3);
  });

  it('leaves the number unknown when the listing fails', async () => {
    const { total } = countAhead(
      (async function* () {
        yield 'a';
        throw new Error('no');
      })(),
    );
    await nextTurn();
    expect(total()).toBeUndefined();
  });
});
