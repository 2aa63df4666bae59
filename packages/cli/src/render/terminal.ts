import { styleText } from 'node:util';

/** Where a command writes: people's text, with colour and width only where a person looks. */
export interface Terminal {
  readonly columns: number;
  /** Whether output goes to a screen, so that it may be redrawn. */
  readonly interactive: boolean;
  line(text?: string): void;
  /** Goes to standard error, so that piped output stays clean. */
  note(text: string): void;
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

/**
 * The terminal of this process: 80 columns when piped, and no colour then, except with `FORCE_COLOR`. `NO_COLOR` and `color: false`
 * take colour away.
 */
export function processTerminal(
  { color }: { readonly color: boolean },
  output: NodeJS.WriteStream = process.stdout,
  errors: NodeJS.WriteStream = process.stderr,
): Terminal {
  type Style = Parameters<typeof styleText>[0];
  const paint = (style: Style) => (text: string) =>
    color ? styleText(style, text, { stream: output, validateStream: true }) : text;
  return {
    get columns() {
      return Math.max(40, output.columns ?? 80);
    },
    interactive: output.isTTY === true,
    line: (text = '') => void output.write(`${text}\n`),
    note: (text) => void errors.write(`${text}\n`),
    strong: paint('bold'),
    faint: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
  };
}
