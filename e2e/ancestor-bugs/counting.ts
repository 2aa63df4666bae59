import { ADAPTERS, type AncestorBug, CORE, DYNAMODB } from './ancestor-bug.ts';

export const COUNTING: readonly AncestorBug[] = [
  {
    number: 19,
    kind: 'counting',
    bug: 'Fails for ever on a text with one word longer than 64 KiB.',
    instead: 'Cuts a word at 1,024 bytes, in constant memory, and says so in a warning.',
    reintroductions: [
      {
        file: `${CORE}/src/counter.ts`,
        from: 'this.#bytes += chunk.length;',
        to:
          "if (chunk.length > 65_536 && !chunk.includes(0x20)) throw new Error('token too long');\n" +
          '    this.#bytes += chunk.length;',
        test: {
          file: `${CORE}/src/counter.test.ts`,
          name: 'unicode cuts endless words between characters, in bounded memory',
        },
      },
    ],
  },
  {
    number: 20,
    kind: 'counting',
    bug: 'Drops words of four bytes or fewer before it trims punctuation, so that `"them"` counts and `them` does not.',
    instead: 'Counts words of any length by Unicode’s rules; the ancestor’s rule has a name of its own.',
    reintroductions: [
      {
        file: `${CORE}/src/options.ts`,
        from: "tokenizer: 'unicode',\n  maxTokenBytes",
        to: "tokenizer: 'aws-go-wordfreq-sample',\n  maxTokenBytes",
        test: {
          file: `${CORE}/src/counter.test.ts`,
          name: 'counts a word, however short, the same with punctuation around it and without',
        },
      },
    ],
  },
  {
    number: 21,
    kind: 'counting',
    bug: 'Sorts a map in random order by an unstable sort, so that words of equal count differ from try to try.',
    instead: 'Orders by count, then by the word’s code points.',
    reintroductions: [
      {
        file: `${CORE}/src/count/top-entries.ts`,
        from: '|| table.compareWords(a, b);',
        to: '|| b - a;',
        test: {
          file: `${CORE}/src/counter.test.ts`,
          name: 'ranks by count, ties in code-point order, which is not UTF-16 order',
        },
      },
    ],
  },
  {
    number: 22,
    kind: 'counting',
    bug: 'Stores the ranking as a map, which has no order.',
    instead: 'Stores a list; `__proto__` is a word like others.',
    reintroductions: [
      {
        file: `${ADAPTERS}/src/dynamodb/result-item.ts`,
        from: '...rest,\n    ...itemKey(result),',
        to:
          '...rest,\n    words: Object.fromEntries(result.words.map(({ word, count }) => [word, count])) as never,\n' +
          '    ...itemKey(result),',
        test: { file: DYNAMODB, name: 'writes items that other programs read: their attributes are public' },
      },
    ],
  },
];
