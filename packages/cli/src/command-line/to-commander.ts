import { Argument, type Command, Option } from 'commander';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import type { Argument as ArgumentDescription, CommandRow, Command as Description } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { flagOf, type Option as OptionDescription } from './option.ts';

/** Runs a command with what was parsed. */
export type Run = (
  description: Description,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** Adds a row to commander. The description is loaded when the command is named, and no other's. */
export function addRow(parent: Command, row: CommandRow, run: Run): void {
  const command = parent.command(row.name).description(row.summary);
  let isLoaded = false;
  parent.hook('preSubcommand', async (_, named) => {
    if (named !== command || isLoaded) return;
    isLoaded = true;
    fill(command, row, await row.load(), run);
  });
}

function fill(command: Command, row: CommandRow, description: Description, run: Run): void {
  if (description.description !== undefined)
    command.description(`${row.summary}\n\n${description.description}`);
  for (const argument of description.arguments ?? []) command.addArgument(argumentOf(argument));
  for (const [name, option] of Object.entries(description.options ?? {})) {
    command.addOption(optionOf(name, option));
  }
  for (const below of description.commands ?? []) addRow(command, below, run);
  command.addHelpText('after', () => afterHelp(description));
  if (description.run === undefined) return;
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, description.arguments?.length ?? 0).flat();
    const options = { ...COMMON_OPTIONS, ...description.options };
    await run(
      description,
      args.filter((arg) => typeof arg === 'string'),
      withDefaults(options, command.optsWithGlobals()),
    );
  });
}

function argumentOf({
  name,
  summary,
  optional = false,
  variadic = false,
  choices,
}: ArgumentDescription): Argument {
  const inside = variadic ? `${name}...` : name;
  const argument = new Argument(optional ? `[${inside}]` : `<${inside}>`, summary);
  return choices === undefined ? argument : argument.choices(choices);
}

/** An option as commander knows it. */
export function optionOf(name: string, description: OptionDescription): Option {
  const { summary, value, choices, parse } = description;
  const flag = flagOf(name, description);
  const option = new Option(value === undefined ? flag : `${flag} <${value}>`, summary);
  if (choices !== undefined) option.choices(choices);
  if (parse !== undefined) {
    option.argParser((given, previous) => parse(given, previous ?? description.default));
  }
  // Only what the help is to show; `withDefaults` knows them all.
  const standard: unknown = description.default;
  if (typeof standard === 'string' || typeof standard === 'number') {
    option.default(standard, description.defaultText);
  }
  return option;
}

function withDefaults(
  options: Readonly<Record<string, OptionDescription>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const values = Object.entries(options).map(([name, option]) => [name, given[name] ?? option.default]);
  return Object.fromEntries(values);
}

function afterHelp({ examples, failure }: Description): string {
  const codes = [
    `${EXIT_CODES.ok} done`,
    ...(failure === undefined ? [] : [`${EXIT_CODES.failed} ${failure}`]),
    `${EXIT_CODES.usage} wrong usage`,
    `${EXIT_CODES.environment} the surroundings do not allow it`,
  ];
  const lines = examples.flatMap(({ line, summary }) => [`  ${line}`, `      ${summary}`]);
  return `\nExamples:\n${lines.join('\n')}\n\nExit codes: ${codes.join(' · ')}`;
}
