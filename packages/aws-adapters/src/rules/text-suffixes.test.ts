import { describe, expect, it } from 'vitest';
import { isTextKey, textSuffixes } from './text-suffixes.ts';

describe(textSuffixes, () => {
  it.each([
    ['.txt', ['.txt', '.txt.gz', '.txt.zst']],
    ['', ['']],
    ['.gz', ['.gz', '.gz.zst']],
    ['log', ['log', 'log.gz', 'log.zst']],
    ['t', ['t', 't.gz']],
  ])('of %j are %j', (suffix, expected) => {
    expect(textSuffixes(suffix)).toEqual(expected);
  });
});

describe(isTextKey, () => {
  it.each([
    ['a.txt', '.txt', true],
    ['a.txt.gz', '.txt', true],
    ['a.txt.zst', '.txt', true],
    ['a.txt.gz.gz', '.txt', false],
    ['a.txt.bak', '.txt', false],
    ['a.TXT', '.txt', false],
    ['a.gz', '.txt', false],
    ['a.txt.gz', '.txt.gz', true],
    ['a.txt', '.txt.gz', false],
    ['anything', '', true],
    ['anything.gz', '', true],
  ])('of %s with the suffix %j is %s', (key, suffix, expected) => {
    expect(isTextKey(key, suffix)).toBe(expected);
  });
});
