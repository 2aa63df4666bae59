import { describe, expect, it } from 'vitest';
import { WordCounter } from '../../src/index.ts';

function wordsOf(text: string, engine: 'wasm' | 'javascript', maxTokenBytes: number): string[] {
  const counter = new WordCounter({ engine, maxTokenBytes, fold: 'none' });
  counter.push(new TextEncoder().encode(text));
  return [...counter.finish()].map(([word]) => word).sort();
}

describe.each(['wasm', 'javascript'] as const)('segments around a ZWJ in %s', (engine) => {
  it.each([
    ['what waited and a pictograph after a ZWJ are one segment (WB4, WB3c)', '1,\u200d🅰', ['1', ',\u200d🅰']],
    ['also after other ignored characters', 'x 1,\u00ad\u200d🅰', ['x', '1', ',\u00ad\u200d🅰']],
    ['also with a pictograph that is no letter between', '1.\u200d☕\u200dⓂ', ['1', '.\u200d☕\u200dⓜ']],
    ['and what waited between digits stays in their word', '1,\u200d2', ['1,\u200d2']],
    ['white space before a ZWJ is not part of the word', 'a \u200dⓂ', ['a', '\u200dⓜ']],
    ['nor is a tab', 'a\t\u200dⓂ', ['a', '\u200dⓜ']],
    ['nor is a no-break space', 'a\u00a0\u0301\u200dⓂ', ['a', '\u0301\u200dⓜ']],
    ['a letter that nobody can see makes no word', 'a \u3164 \u115f', ['a']],
  ])('%s', (_, text, words) => {
    expect(wordsOf(text, engine, 1024)).toEqual([...words].sort());
  });

  it('are truncated each by itself', () => {
    const digits = '1234567890123456';
    expect(wordsOf(`${digits},\u200d🅰`, engine, 16)).toEqual([',\u200d🅰', digits]);
    expect(wordsOf(`${digits.slice(2)},\u200d5`, engine, 16)).toEqual([`${digits.slice(2)},`]);
    expect(wordsOf(`${digits}7,\u200d5`, engine, 16)).toEqual([digits]);
    expect(wordsOf(`1,${'\u00ad'.repeat(20)}\u200d🅰`, engine, 16)).toEqual([`,${'\u00ad'.repeat(7)}`, '1']);
  });
});
