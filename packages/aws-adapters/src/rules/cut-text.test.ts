import { describe, expect, it } from 'vitest';
import { cutText, cutToBytes } from './cut-text.ts';

describe('cutText', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['a😀b', 2, 'a'],
    ['a😀b', 3, 'a😀'],
    ['a\ud83d', 2, 'a\ud83d'],
    ['abc', 0, ''],
  ])('cuts %j to at most %i code units: %j', (text, maxLength, cut) => {
    expect(cutText(text, maxLength)).toBe(cut);
  });
});

describe('cutToBytes', () => {
  it.each([
    ['abc', 9, 'abc'],
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['aéb', 2, 'a'],
    ['aéb', 3, 'aé'],
    ['a😀b', 4, 'a'],
    ['a😀b', 5, 'a😀'],
    ['abc', 0, ''],
    ['abc', -1, ''],
  ])('cuts %j to at most %i bytes: %j', (text, maxBytes, cut) => {
    expect(cutToBytes(text, maxBytes)).toBe(cut);
  });

  it('keeps a replacement character that is the last one with room', () => {
    expect(cutToBytes('a\ufffdb', 4)).toBe('a\ufffd');
  });
});
