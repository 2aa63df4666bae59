import type { Terminal } from '../../src/terminal/terminal.ts';

/** A terminal of 80 columns that remembers what is written to it. */
export function memoryTerminal(): Terminal & { readonly lines: string[]; readonly notes: string[] } {
  const lines: string[] = [];
  const notes: string[] = [];
  const plain = (text: string): string => text;
  return {
    lines,
    notes,
    columns: 80,
    interactive: false,
    watched: false,
    async write(more) {
      lines.push(...more);
    },
    line: (text = '') => void lines.push(text),
    note: (text) => void notes.push(text),
    strong: plain,
    faint: plain,
    good: plain,
    bad: plain,
  };
}
