import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { HOSTILE_KEYS, HOSTILE_WORDS } from '@org/wordfreq-aws-adapters/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

// A script of the browser, which has no types here.
const script = new URL('./assets/escape-text.js', import.meta.url).href;
const browser = (await import(/* @vite-ignore */ script)) as { escapeText: (text: string) => string };

describe('the browser’s escape of text from outside', () => {
  it('is the server’s, for each code point, alone and between letters', () => {
    const different: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      for (const text of [character, `a${character}b`])
        if (browser.escapeText(text) !== escapeText(text)) different.push(point.toString(16));
    }
    expect(different).toEqual([]);
  });

  it('is the server’s for any text', () => {
    for (const text of [...HOSTILE_KEYS, ...HOSTILE_WORDS])
      expect(browser.escapeText(text)).toBe(escapeText(text));
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(browser.escapeText(text)).toBe(escapeText(text));
      }),
    );
  });
});
