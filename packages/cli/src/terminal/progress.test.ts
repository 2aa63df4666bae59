import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { statusLine } from './progress.ts';

function written(watched: boolean) {
  const clock = createManualClock();
  const texts: string[] = [];
  const output = { write: (text: string) => texts.push(text) > 0 };
  return { clock, texts, status: statusLine({ watched, columns: 20 }, clock, output as never) };
}

describe(statusLine, () => {
  it('writes nothing where a program reads', () => {
    const { status, texts } = written(false);
    status.show('1 of many');
    status.clear();
    expect(texts).toEqual([]);
  });

  it('writes over itself ten times a second at most, within the line', async () => {
    const { status, texts, clock } = written(true);
    status.show('one');
    status.show('two');
    await clock.advance(100);
    status.show('a text that is longer than the line');
    status.clear();
    status.clear();
    expect(texts).toEqual(['\r\u001b[2Kone', '\r\u001b[2Ka text that is lon…', '\r\u001b[2K']);
  });
});
