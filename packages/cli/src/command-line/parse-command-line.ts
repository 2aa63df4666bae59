import { util } from '../builtin-modules.ts';
import { UsageError } from '../errors.ts';
import { type Argument, COMMON_OPTIONS, type Command, type CommandRow } from './command.ts';
import { flagOf, type Option } from './option.ts';

/** A command that was named, with its description. */
export interface NamedCommand {
  /** With the names of those above it: `dlq list`. */
  readonly path: string;
  readonly summary: string;
  readonly command: Command;
}

/** What a command line asks for. */
type ParsedCommandLine =
  | { readonly asks: 'version' }
  | { readonly asks: 'help'; readonly about: NamedCommand | undefined }
  | {
      readonly asks: 'run';
      readonly command: Command;
      readonly args: readonly string[];
      readonly options: Readonly<Record<string, unknown>>;
    };

type Options = Readonly<Record<string, Option>>;

/**
 * Parses a command line by a table of commands, with Node's own `parseArgs`, which takes almost no start-up
 * time. Only the description of the named command is loaded. Common options may come before or after its
 * name.
 *
 * @throws UsageError
 */
export async function parseCommandLine(
  args: readonly string[],
  rows: readonly CommandRow[],
): Promise<ParsedCommandLine> {
  const [first, ...others] = args;
  if (first === 'help') return parseCommandLine([...others, '--help'], rows);
  const { named, rest, isGroup } = await findCommand(args, rows);
  const own: Options = isGroup ? {} : (named?.command.options ?? {});
  const options: Options = { ...COMMON_OPTIONS, ...own };
  const { values, positionals } = await parseValues(rest, options);
  if (values['version'] === true) return { asks: 'version' };
  const [unknown] = isGroup ? positionals : [];
  if (unknown !== undefined) throw await unknownCommand(named, unknown, rows);
  if (values['help'] === true) return { asks: 'help', about: named };
  // Without a command, show which ones there are.
  if (named === undefined || isGroup) return { asks: 'help', about: named };
  requireArguments(named, positionals);
  requireOneFormat(values);
  return { asks: 'run', command: named.command, args: positionals, options: valuesOf(options, values) };
}

interface Found {
  readonly named: NamedCommand | undefined;
  /** What is left of the command line without the names. */
  readonly rest: readonly string[];
  /** Whether there are commands below the one that was named. */
  readonly isGroup: boolean;
}

async function findCommand(args: readonly string[], rows: readonly CommandRow[]): Promise<Found> {
  let rest = args;
  let named: NamedCommand | undefined;
  let below: readonly CommandRow[] | undefined = rows;
  while (below !== undefined) {
    const at = firstName(rest);
    const row: CommandRow | undefined = below.find(({ name }) => name === rest[at]);
    if (row === undefined) return { named, rest, isGroup: true };
    const command = await row.load();
    const path: string = named === undefined ? row.name : `${named.path} ${row.name}`;
    named = { path, summary: row.summary, command };
    rest = rest.toSpliced(at, 1);
    below = command.commands;
  }
  return { named, rest, isGroup: false };
}

/** Where the first word is that is neither a common option nor the value of one. */
function firstName(args: readonly string[]): number {
  const withValue = Object.entries(COMMON_OPTIONS)
    .filter(([, option]) => option.value !== undefined)
    .map(([name, option]) => flagOf(name, option));
  let at = 0;
  while (args[at]?.startsWith('-') === true) at += withValue.includes(args[at] ?? '') ? 2 : 1;
  return at;
}

type Values = Readonly<Record<string, unknown>>;

async function parseValues(
  args: readonly string[],
  options: Options,
): Promise<{ values: Values; positionals: readonly string[] }> {
  const known = Object.entries(options).map(([name, option]) => [
    flagOf(name, option).slice(2),
    {
      type: option.value === undefined ? 'boolean' : 'string',
      multiple: option.repeatable === true,
      ...(option.short === undefined ? {} : { short: option.short }),
    },
  ]);
  const help = { type: 'boolean', short: 'h' };
  const version = { type: 'boolean', short: 'V' };
  try {
    return util.parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...Object.fromEntries(known), help, version },
    });
  } catch (error) {
    throw await explain(error as NodeJS.ErrnoException, Object.keys(Object.fromEntries(known)));
  }
}

/** Node's errors about options in our words, with the option that was perhaps meant. */
async function explain(error: NodeJS.ErrnoException, known: readonly string[]): Promise<unknown> {
  // With the letter of an option in front of its name: '-n, --top <value>'.
  const [, flag = ''] = /'(?:-\w, )?(-[^' ]*)/.exec(error.message) ?? [];
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const names = [...known, 'help', 'version'].map((name) => `--${name}`);
      return new UsageError(`unknown option ${flag}${await perhaps(flag, names)}`, 'usage-unknown-option');
    }
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const needs = error.message.includes('does not take') ? 'takes no value' : 'needs a value';
      // After a letter, `=` would be a part of the value.
      const hint = `Write a value that begins with a dash as ${flag}${flag.startsWith('--') ? '=' : ''}-value.`;
      return needs === 'takes no value'
        ? new UsageError(`option ${flag} ${needs}`, 'usage-invalid-value')
        : new UsageError(`option ${flag} ${needs}`, 'usage-missing-value', hint);
    }
    default:
      return error;
  }
}

async function perhaps(typed: string, names: readonly string[]): Promise<string> {
  const found = await closest(typed, names);
  return found === undefined ? '' : `; did you mean ${found}?`;
}

async function unknownCommand(
  named: NamedCommand | undefined,
  typed: string,
  rows: readonly CommandRow[],
): Promise<UsageError> {
  const names = (named?.command.commands ?? rows).map(({ name }) => name);
  const below = named === undefined ? '' : ` below ${named.path}`;
  return new UsageError(
    `unknown command ${typed}${below}${await perhaps(typed, names)}`,
    'usage-unknown-command',
  );
}

/** Refuses `--json`, or a name of the output, that contradicts the format; with ndjson, `--json` is for errors. */
function requireOneFormat({ json, format, output }: Values): void {
  const asked = format ?? (json === true ? 'json' : undefined);
  const contradict = (one: string, other: string, hint: string): UsageError =>
    new UsageError(`${one} and ${other} contradict each other`, 'usage-contradiction', hint);
  if (json === true && asked !== 'json' && asked !== 'ndjson') {
    const hint = 'Leave one of them out; --json is short for --format json.';
    throw contradict('--json', `--format ${asked}`, hint);
  }
  const named = formatOfName(output);
  if (asked === undefined || named === undefined || named === asked) return;
  const hint = `Leave --format out, or name a file that ends in .${asked === 'table' ? 'txt' : asked}.`;
  throw contradict(`--format ${asked}`, `--output ${output}`, hint);
}

/** The format that a file's ending names. */
function formatOfName(output: unknown): string | undefined {
  return /\.(csv|tsv|json|ndjson)$/i.exec(String(output ?? ''))?.[1]?.toLowerCase();
}

/** As many arguments as the command takes, and of its choices. */
function requireArguments({ path, command }: NamedCommand, given: readonly string[]): void {
  const all: readonly Argument[] = command.arguments ?? [];
  for (const [index, { name, optional = false, choices }] of all.entries()) {
    const value = given[index];
    if (value === undefined && !optional) {
      throw new UsageError(`${path} needs the argument ${name}`, 'usage-missing-argument');
    }
    if (value === undefined || choices === undefined || choices.includes(value)) continue;
    throw new UsageError(`expected ${choices.join(', ')} as ${name}, got ${value}`);
  }
  if (given.length <= all.length || all.at(-1)?.variadic === true) return;
  const expected = all.length === 0 ? 'no arguments' : `at most ${all.length}`;
  throw new UsageError(
    `${path} takes ${expected}, got ${given.length}: ${given.join(' ')}`,
    'usage-too-many-arguments',
  );
}

/** The parsed values of the given options, and the defaults of the others. */
function valuesOf(options: Options, given: Values): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const flag = flagOf(name, option);
      const value = given[flag.slice(2)];
      if (value === undefined) {
        const format = given['json'] === true ? 'json' : formatOfName(given['output']);
        return [name, name === 'format' && format !== undefined ? format : option.default];
      }
      if (option.value === undefined) return [name, option.negated !== true];
      const texts = Array.isArray(value) ? value : [value];
      return [
        name,
        texts.reduce((previous, text) => parsed(flag, option, String(text), previous), option.default),
      ];
    }),
  );
}

function parsed(flag: string, { choices, parse }: Option, text: string, previous: unknown): unknown {
  if (choices !== undefined && !choices.includes(text)) {
    throw new UsageError(`${flag} ${text}: expected ${choices.join(', ')}`);
  }
  if (parse === undefined) return text;
  try {
    return parse(text, previous);
  } catch (error) {
    // The description of a command may be in another built file, with a class of its own.
    const { name, message } = error as Error;
    if (name !== 'UsageError') throw error;
    const reason = `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/\.$/, '');
    throw new UsageError(`${flag} ${text}: ${reason}`);
  }
}

/** A name may differ from what was typed in every other letter. */
const TOLERANCE = 0.5;

/** The name that was perhaps meant. */
async function closest(typed: string, names: readonly string[]): Promise<string | undefined> {
  const { distance } = await import('fastest-levenshtein');
  let best: string | undefined;
  let least = Math.floor(typed.length * TOLERANCE) + 1;
  for (const name of names) {
    const far = distance(typed, name);
    if (far >= least) continue;
    best = name;
    least = far;
  }
  return best;
}
