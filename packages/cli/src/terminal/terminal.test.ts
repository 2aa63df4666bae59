import { describe, expect, it } from 'vitest';
import type { StandardOutput } from './standard-streams.ts';
import { hasColor, type Language, processTerminal, type Terminal, wrapNote } from './terminal.ts';

const HOSTILE = 'a\u001b]0;title\u0007b\u009bc\u202ed\ne\rf\u2028g\u007fh';

function terminalFor(language: Language): { readonly terminal: Terminal; readonly written: () => string } {
  let written = '';
  const output: StandardOutput = {
    stream: undefined,
    write: (text) => {
      written += text;
    },
    drained: async () => undefined,
  };
  const terminal = processTerminal(output, { color: true }).in(language);
  return { terminal, written: () => written };
}

describe(processTerminal, () => {
  it('lets nothing act on the screen, however it is written', async () => {
    const { terminal, written } = terminalFor('text');
    const shown = 'a‹U+001B›]0;title‹U+0007›b‹U+009B›c‹U+202E›d‹U+000A›e‹U+000D›f‹U+2028›g‹U+007F›h\n';
    terminal.line(HOSTILE);
    await terminal.write([HOSTILE]);
    terminal.redraw([HOSTILE]);
    expect(written()).toBe(shown.repeat(3));
  });

  it('writes JSON that is the same value for a program', async () => {
    const { terminal, written } = terminalFor('json');
    terminal.line(JSON.stringify({ key: HOSTILE }, undefined, 2));
    expect(written()).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e]/u);
    expect(JSON.parse(written())).toEqual({ key: HOSTILE });
  });

  it('keeps the tabs of a table', () => {
    const { terminal, written } = terminalFor('text');
    terminal.line('word\tcount');
    expect(written()).toBe('word\tcount\n');
  });
});

describe(wrapNote, () => {
  it('breaks between words, and indents the lines that follow', () => {
    expect(wrapNote('wordfreq: one two three', 15)).toEqual(['wordfreq: one', '  two three']);
    expect(wrapNote('  one two three', 11)).toEqual(['  one two', '    three']);
  });

  it('does not cut a path, and leaves JSON alone', () => {
    const path = `/a/${'long/'.repeat(20)}path`;
    expect(wrapNote(`see ${path} there`, 40)).toEqual(['see', `  ${path}`, '  there']);
    expect(wrapNote('{"a": "one two three"}', 5)).toEqual(['{"a": "one two three"}']);
  });
});

describe(hasColor, () => {
  it.each([
    ['a screen', {}, true, true],
    ['a pipe', {}, false, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=3 in a pipe', { FORCE_COLOR: '3' }, false, true],
    ['FORCE_COLOR=true in a dumb pipe', { FORCE_COLOR: 'true', TERM: 'dumb' }, false, true],
    ['an empty FORCE_COLOR in a pipe', { FORCE_COLOR: '' }, false, false],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, false],
    ['FORCE_COLOR beside NO_COLOR, as in Node', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['an empty FORCE_COLOR beside NO_COLOR', { FORCE_COLOR: '', NO_COLOR: '1' }, true, false],
  ])('decides for %s', (_, environment, isScreen, expected) => {
    expect(hasColor({ wanted: true, isScreen, environment })).toBe(expected);
    expect(hasColor({ wanted: false, isScreen, environment })).toBe(false);
  });
});
