import type { StandardInput } from '../terminal/standard-streams.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { flag, flagsOf, negatedFlag, type Option, short, text } from './option.ts';

/** The context in which a command runs. */
export interface CommandContext {
  readonly terminal: Terminal;
  /**
   * Fires when the person wants to stop (Ctrl-C). A command that throws its reason ends with exit code 130.
   */
  readonly signal: AbortSignal;
  /** Ends with an error when the signal fires. */
  readonly stdin: StandardInput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The version of this program. */
  version(): string;
}

/** Options by their names in camel case: `perFile` is `--per-file`. */
export type Options = Readonly<Record<string, Option>>;

/** What a command receives for its options. */
type ValuesOf<O extends Options> = {
  readonly [Name in keyof O]: O[Name] extends Option<infer Value> ? Value : never;
};

/** The values of {@link COMMON_OPTIONS}, which every command receives. */
export type CommonValues = ValuesOf<typeof COMMON_OPTIONS>;

/** An argument of a command. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  /** Whether it takes all arguments that follow. */
  readonly variadic?: boolean;
  readonly optional?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: 'files' | 'folders';
}

/** A command line, and what it does. */
interface Example {
  readonly line: string;
  readonly summary: string;
}

/**
 * The description of a command, from which parsing, `--help`, completion and the manual page are derived.
 * What takes long to load (AWS clients, servers) is imported inside `run`, because completion and the manual
 * page load every description.
 */
export interface Command<O extends Options = Options> {
  /** More than the one line in the table of commands: whole sentences. */
  readonly description?: string;
  readonly arguments?: readonly Argument[];
  readonly options?: O;
  /** At least one. */
  readonly examples: readonly Example[];
  /** What exit code 1 means here. Absent where it does not occur. */
  readonly failure?: string;
  /** Commands below this one, such as `list` of `dlq list`; then there is nothing to run at this level. */
  readonly commands?: readonly CommandRow[];
  /** Returns the exit code. `args` are the arguments one after the other. */
  run?(
    args: readonly string[],
    options: ValuesOf<O> & CommonValues,
    context: CommandContext,
  ): Promise<number>;
}

/** A row of a table of commands: enough for a list, and where the rest is. */
export interface CommandRow {
  readonly name: string;
  /** One line for people, without a full stop. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** Ties the types of `run` to the options above it. */
export function defineCommand<const O extends Options>(command: Command<O>): Command {
  // The parser returns exactly the values of these options.
  return command as unknown as Command;
}

/**
 * Options of every command, accepted before and after its name. They have the AWS CLI's names where that has
 * them.
 */
export const COMMON_OPTIONS: {
  readonly json: Option<boolean>;
  readonly debug: Option<boolean>;
  readonly color: Option<boolean>;
  readonly region: Option<string | undefined>;
  readonly endpointUrl: Option<string | undefined>;
  readonly profile: Option<string | undefined>;
} = {
  json: short('j', flag('print JSON for a program; an error is JSON too, on standard error')),
  debug: flag('show where an error came from'),
  color: negatedFlag('print without colours, as with NO_COLOR'),
  region: text('name', 'AWS region; else AWS_REGION or the profile’s'),
  endpointUrl: text('url', 'talk to this address instead of AWS; else AWS_ENDPOINT_URL'),
  profile: text('name', 'AWS profile; else AWS_PROFILE'),
};

/** A command with all that is below it, loaded. */
export interface CommandNode {
  readonly name: string;
  readonly summary: string;
  /** With the names of those above it: `dlq list`. Empty for the program itself. */
  readonly path: string;
  readonly command: Command;
  readonly below: readonly CommandNode[];
}

/** An option and its flags. */
export interface FlaggedOption {
  /** With its name. */
  readonly flag: string;
  /** Perhaps with a letter in front: `-n`, `--top`. */
  readonly flags: readonly string[];
  readonly option: Option;
}

/** Loads every description of a table of commands. */
export async function loadCommands(rows: readonly CommandRow[], above = ''): Promise<readonly CommandNode[]> {
  return Promise.all(
    rows.map(async ({ name, summary, load }) => {
      const command = await load();
      const path = above === '' ? name : `${above} ${name}`;
      return { name, summary, path, command, below: await loadCommands(command.commands ?? [], path) };
    }),
  );
}

/** A command and those below it, one after the other. */
export function everyNode(nodes: readonly CommandNode[]): readonly CommandNode[] {
  return nodes.flatMap((node) => [node, ...everyNode(node.below)]);
}

/** A command's own options. */
export function optionsOf({ command }: CommandNode): readonly FlaggedOption[] {
  return flagged(command.options ?? {});
}

/** Options of every command. */
export function commonOptions(): readonly FlaggedOption[] {
  return flagged(COMMON_OPTIONS);
}

function flagged(options: Readonly<Record<string, Option>>): readonly FlaggedOption[] {
  return Object.entries(options).map(([name, option]) => {
    const flags = flagsOf(name, option);
    return { flag: flags.at(-1) ?? '', flags, option };
  });
}
