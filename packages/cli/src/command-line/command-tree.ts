import type { Command, CommandRow } from './command.ts';
import { COMMON_OPTIONS } from './common-options.ts';
import { flagOf, type Option } from './option.ts';

/** A command with all that is below it, loaded. */
export interface CommandNode {
  readonly name: string;
  readonly summary: string;
  /** With the names of those above it: `dlq list`. Empty for the program itself. */
  readonly path: string;
  readonly command: Command;
  readonly below: readonly CommandNode[];
}

/** An option and its flag. */
export interface FlaggedOption {
  readonly flag: string;
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
  return Object.entries(options).map(([name, option]) => ({ flag: flagOf(name, option), option }));
}
