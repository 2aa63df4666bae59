import {
  createManualClock,
  createMemoryDeadLetterQueue,
  createMemoryQueue,
} from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { readDeadLetters } from './dead-letters.ts';

describe(readDeadLetters, () => {
  it('reads what is there', async () => {
    const queue = createMemoryQueue({ clock: createManualClock() });
    queue.send('one');
    queue.send('two');
    const { letters, held } = await readDeadLetters(createMemoryDeadLetterQueue({ queue }));
    expect(letters.map(({ message }) => message.body)).toEqual(['one', 'two']);
    expect(held).toBe(0);
  });

  it('says how many another reader holds', async () => {
    const queue = createMemoryQueue({ clock: createManualClock() });
    queue.send('one');
    queue.send('two');
    await queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 30 });
    const { letters, held } = await readDeadLetters(createMemoryDeadLetterQueue({ queue }));
    expect([letters.length, held]).toEqual([1, 1]);
  });
});
