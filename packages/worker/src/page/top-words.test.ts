import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { topWordsOf } from './top-words.ts';

function file(key: string, words: Readonly<[word: string, count: number][]>) {
  const object = { bucket: 'b', key, eTag: 'e' };
  return sampleResult({ object, words: words.map(([word, count]) => ({ word, count })) });
}

describe(topWordsOf, () => {
  it('adds up the words of files, and says in how many each stands', () => {
    const results = [
      file('a', [
        ['sea', 3],
        ['__proto__', 2],
      ]),
      file('b', [['sea', 4]]),
    ];
    expect(topWordsOf(results)).toEqual({
      files: 2,
      words: [
        { word: 'sea', count: 7, files: 2 },
        { word: '__proto__', count: 2, files: 1 },
      ],
    });
  });

  it('takes the newest version of each file that has words, and no file twice', () => {
    const results = [file('a', []), file('a', [['new', 1]]), file('a', [['old', 9]]), file('b', [])];
    expect(topWordsOf(results)).toEqual({ files: 1, words: [{ word: 'new', count: 1, files: 1 }] });
  });

  it('orders ties by code points, and keeps a hundred words', () => {
    const many = Array.from({ length: 130 }, (_, index): [string, number] => [`w${index}`, 1]);
    expect(topWordsOf([file('a', many)]).words).toHaveLength(100);
    const tie = file('a', [
      ['😀', 1],
      ['ﬁ', 1],
    ]);
    expect(topWordsOf([tie]).words.map(({ word }) => word)).toEqual(['ﬁ', '😀']);
  });
});
