import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMetadata, encodeMetadata } from './metadata.ts';

const decoded = (value: string): string | undefined => decodeMetadata({ Name: value }).get('name');

describe(decodeMetadata, () => {
  it.each([
    // White space between words is none of the text (RFC 2047 §6.2 and the examples of §8).
    ['=?UTF-8?B?WsO8?= =?UTF-8?B?cmljaA==?=', 'Zürich'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=\t  =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
    // Encodings, charsets, languages.
    ['=?utf-8?q?Z=C3=BCrich?=', 'Zürich'],
    ['=?ISO-8859-1?Q?Z=FCrich?=', 'Zürich'],
    ['=?windows-1251?B?zO7x6uLg?=', 'Москва'],
    ['=?US-ASCII*EN?Q?Keith_Moore?=', 'Keith Moore'],
    // A character that is cut in two, as some clients write it.
    ['=?UTF-8?Q?Z=C3?= =?UTF-8?Q?=BCrich?=', 'Zürich'],
    ['from =?UTF-8?Q?Z=C3=BCrich?= to Bern', 'from Zürich to Bern'],
    // What is no word stays as it is.
    ['=?no-such-charset?Q?a?=', '=?no-such-charset?Q?a?='],
    ['=?UTF-8?X?a?=', '=?UTF-8?X?a?='],
    ['x=?UTF-8?Q?a?=', 'x=?UTF-8?Q?a?='],
    ['plain  text', 'plain  text'],
    ['', ''],
  ])('reads %j as %j', (value, expected) => {
    expect(decoded(value)).toBe(expected);
  });

  it('reads whatever text was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('=?'));
        expect(decoded(encodeMetadata(new Map([['name', text]]))['name'] ?? '')).toBe(text);
      }),
    );
  });
});
