import {
  type CommandNode,
  commonOptions,
  everyNode,
  type FlaggedOption,
  optionsOf,
} from '../command-line/command-tree.ts';
import type { Completed } from './completed.ts';

/** A script for fish 3 or newer. */
export function fishCompletion(commands: readonly CommandNode[]): string {
  const nodes = everyNode(commands);
  const lines = [
    '# Completion of wordfreq for fish. Load it with: wordfreq completion fish | source',
    'complete -c wordfreq -f',
    ...commands.map((node) => complete('__fish_use_subcommand', `-a ${node.name}`, node.summary)),
    ...nodes.flatMap(names),
    ...commonOptions().map((option) => flagged(option)),
    complete('__fish_use_subcommand', '-l version', 'print the version'),
    complete(undefined, '-l help', 'show help'),
    ...nodes.flatMap((node) => [
      ...optionsOf(node).map((option) => flagged(option, node.path)),
      ...(node.command.arguments ?? [])
        .slice(0, 1)
        .map((argument) => complete(seen(node.path), values(argument))),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The names below a command, until one of them is there. */
function names({ path, below }: CommandNode): readonly string[] {
  const none = `not __fish_seen_subcommand_from ${below.map(({ name }) => name).join(' ')}`;
  return below.map(({ name, summary }) => complete(`${seen(path)}; and ${none}`, `-a ${name}`, summary));
}

function seen(path: string): string {
  const words = path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
  return words.join('; and ');
}

function flagged({ flag, option }: FlaggedOption, path?: string): string {
  const value = option.value === undefined ? '' : ` -r ${values(option)}`;
  return complete(path === undefined ? undefined : seen(path), `-l ${flag.slice(2)}${value}`, option.summary);
}

function values({ choices, completes }: Completed): string {
  if (choices !== undefined) return `-f -a ${quoted(choices.join(' '))}`;
  if (completes === undefined) return '-f';
  return completes === 'files' ? '-F' : "-f -a '(__fish_complete_directories)'";
}

function complete(condition: string | undefined, what: string, about?: string): string {
  const when = condition === undefined ? '' : ` -n ${quoted(condition)}`;
  return `complete -c wordfreq${when} ${what}${about === undefined ? '' : ` -d ${quoted(about)}`}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
