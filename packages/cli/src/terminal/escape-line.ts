import { escapeField, escapeJsonText } from '@org/wordfreq-aws-adapters/rules';

/**
 * What output is written in: JSON has escapes of its own, which programs read as the characters themselves.
 */
export type Language = 'text' | 'json';

/** How output is escaped. */
export interface Escaping {
  readonly language: Language;
  /** Whether it may have the styles of a `Terminal`. */
  readonly styled: boolean;
}

/** What a line of text may have all the same: tabs, and the styles that a `Terminal` paints with. */
const KEPT = /(\t)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of SGR begin with one
const KEPT_WITH_STYLES = /(\t|\u001b\[(?:1|2|22|31|32|39)m)/;

/**
 * Escapes what is about to be written, so that nothing in it acts on a terminal, whatever its writer forgot.
 * Text is one line, and keeps its tabs; JSON keeps its line breaks, which can only stand between its parts.
 */
export function escapeLine(line: string, { language, styled }: Escaping): string {
  if (language === 'json') return escapeJsonText(line);
  const escaped = escapeField(line);
  if (escaped === line) return line;
  return line
    .split(styled ? KEPT_WITH_STYLES : KEPT)
    .map((part, index) => (index % 2 === 0 ? escapeField(part) : part))
    .join('');
}

/** The same for many lines. */
export function* escapeLines(lines: Iterable<string>, escaping: Escaping): Iterable<string> {
  for (const line of lines) yield escapeLine(line, escaping);
}
