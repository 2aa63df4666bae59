import { escapeLine, type Language, type Terminal } from '../../src/terminal/terminal.ts';

interface MemoryTerminal extends Terminal {
  language: Language;
  readonly lines: string[];
  readonly notes: string[];
}

/**
 * A terminal of 80 columns that remembers what is written to it, as the process's own terminal would write
 * it.
 */
export function memoryTerminal(columns = 80): MemoryTerminal {
  const lines: string[] = [];
  const notes: string[] = [];
  const plain = (text: string): string => text;
  const safe = (line: string): string => escapeLine(line, { language: terminal.language, styled: false });
  const terminal: MemoryTerminal = {
    language: 'text',
    lines,
    notes,
    columns,
    interactive: false,
    redraws: false,
    watched: false,
    async write(more) {
      for (const line of more) {
        if (typeof line === 'string') lines.push(safe(line));
        else lines.push(...Buffer.from(line).toString().split('\n').slice(0, -1));
      }
    },
    line: (text = '') => void lines.push(safe(text)),
    redraw: (more) => void lines.push(...more.map(safe)),
    note: (text) => void notes.push(escapeLine(text, { language: 'text', styled: false })),
    strong: plain,
    faint: plain,
    good: plain,
    bad: plain,
    doubtful: plain,
    in(language) {
      terminal.language = language;
      // Also of a copy in which a test has replaced something.
      return this;
    },
  };
  return terminal;
}
