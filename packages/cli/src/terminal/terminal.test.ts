import { describe, expect, it } from 'vitest';
import type { Language } from './escape-line.ts';
import type { StandardOutput } from './standard-output.ts';
import { processTerminal, type Terminal } from './terminal.ts';

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
