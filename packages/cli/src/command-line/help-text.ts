import { EXIT_CODES } from '../errors.ts';
import { wrapItems } from '../terminal/format.ts';
import { type Argument, COMMON_OPTIONS, type CommandRow } from './command.ts';
import { flagOf, type Option } from './option.ts';
import type { NamedCommand } from './parse-command-line.ts';

/** A term, and what it means. */
type Row = readonly [term: string, about: string];

/** The help of the program: its commands, and the options of all of them. */
export function programHelp(rows: readonly CommandRow[], columns: number): readonly string[] {
  return [
    'Usage: wordfreq [options] <command>',
    '',
    'Count the words of texts, here or on AWS.',
    '',
    ...section('Commands', [...rows.map(({ name, summary }): Row => [name, summary]), HELP_COMMAND], columns),
    ...section('Options', [...optionRows(COMMON_OPTIONS), HELP, VERSION], columns),
  ];
}

const HELP_COMMAND: Row = ['help [command]', 'show the help of a command'];
const HELP: Row = ['-h, --help', 'show help and end'];
const VERSION: Row = ['-V, --version', 'print the version and end'];

/** The help of a command: usage, arguments, options, examples, exit codes. */
export function commandHelp({ path, summary, command }: NamedCommand, columns: number): readonly string[] {
  const { description, arguments: all = [], options = {}, commands = [], examples, failure } = command;
  const usage = commands.length > 0 ? '<command>' : all.map(usageOf).join(' ');
  const shown = [...optionRows(options), HELP];
  return [
    `Usage: wordfreq ${path} [options] ${usage}`.trimEnd(),
    '',
    ...wrapped(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, columns),
    '',
    ...(description === undefined ? [] : [...wrapped(description, columns), '']),
    ...section(
      'Arguments',
      all.map(({ name, summary: about, choices }) => [name, about + notes({ choices })]),
      columns,
    ),
    ...section(
      'Commands',
      commands.map(({ name, summary: about }) => [name, about]),
      columns,
    ),
    ...section('Options', shown, columns),
    ...section('Options of every command', optionRows(COMMON_OPTIONS), columns),
    'Examples:',
    ...examples.flatMap(({ line, summary: about }) => [
      `  ${line}`,
      ...wrapped(about, columns - 6).map((text) => `      ${text}`),
    ]),
    '',
    ...wrapped(`Exit codes: ${exitCodes(failure)}`, columns),
  ];
}

function exitCodes(failure: string | undefined): string {
  return [
    `${EXIT_CODES.ok} done`,
    ...(failure === undefined ? [] : [`${EXIT_CODES.failed} ${failure}`]),
    `${EXIT_CODES.usage} wrong usage`,
    `${EXIT_CODES.environment} the environment does not allow it`,
  ].join(' · ');
}

function usageOf({ name, optional = false, variadic = false }: Argument): string {
  const inside = variadic ? `${name}...` : name;
  return optional ? `[${inside}]` : `<${inside}>`;
}

const NO_LETTER = ' '.repeat('-h, '.length);

function optionRows(options: Readonly<Record<string, Option>>): readonly Row[] {
  return Object.entries(options).map(([name, option]) => {
    const value = option.value === undefined ? '' : ` <${option.value}>`;
    // Names stand below each other, whether or not a letter stands before them.
    const letter = option.short === undefined ? NO_LETTER : `-${option.short}, `;
    return [`${letter}${flagOf(name, option)}${value}`, option.summary + notes(option)];
  });
}

function notes({
  choices,
  default: standard,
  defaultText,
}: {
  readonly choices?: readonly string[] | undefined;
  readonly default?: unknown;
  readonly defaultText?: string;
}): string {
  const shown =
    defaultText ??
    (typeof standard === 'string' || typeof standard === 'number' ? String(standard) : undefined);
  const parts = [
    ...(choices === undefined ? [] : [choices.join(', ')]),
    ...(shown === undefined ? [] : [`default: ${shown}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

/** Two columns, the right one wrapped; one below the other where there is no room for two. */
function section(title: string, rows: readonly Row[], columns: number): readonly string[] {
  if (rows.length === 0) return [];
  const widest = rows.reduce((most, [term]) => Math.max(most, term.length), 0);
  const isNarrow = columns - widest < 30;
  const indent = isNarrow ? 6 : widest + 4;
  const lines = rows.flatMap(([term, about]) => {
    const [first = '', ...more] = wrapped(about, columns - indent);
    const rest = more.map((line) => ' '.repeat(indent) + line);
    if (isNarrow) return [`  ${term}`, `${' '.repeat(indent)}${first}`, ...rest];
    return [`  ${term.padEnd(widest)}  ${first}`, ...rest];
  });
  return [`${title}:`, ...lines, ''];
}

function wrapped(text: string, columns: number): readonly string[] {
  return wrapItems(text.split(' '), columns, ' ');
}
