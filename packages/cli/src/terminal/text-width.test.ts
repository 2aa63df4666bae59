import { PLAIN_TEXT } from '@org/wordfreq-aws-adapters/rules';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { textWidth } from './layout.ts';

describe(textWidth, () => {
  it('takes for narrow only what the library finds to be one column', () => {
    const different: string[] = [];
    for (let point = 0x20; point < 0x3000; point += 1) {
      const character = String.fromCodePoint(point);
      if (PLAIN_TEXT.test(character) && stringWidth(character) !== 1) different.push(point.toString(16));
    }
    expect(different).toEqual([]);
  });

  it.each([
    ['word', 4],
    ['naïve – “слово”', 15],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('%s takes %d columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});
