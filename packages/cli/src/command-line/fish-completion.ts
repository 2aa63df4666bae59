import { type CommandNode, commonOptions, everyNode, type FlaggedOption, optionsOf } from './command.ts';
import type { Completed } from './completion-scripts.ts';

/** A script for fish 3 or newer. */
export function fishCompletion(commands: readonly CommandNode[]): string {
  const nodes = everyNode(commands);
  const lines = [
    '# Completion of wordfreq for fish. Load it with: wordfreq completion fish | source',
    '# or write it once to ~/.config/fish/completions/wordfreq.fish',
    fishCommand(nodes),
    'complete -c wordfreq -f',
    ...commands.map((node) => fishLine(fishAt(''), `-a ${node.name}`, node.summary)),
    fishLine(fishAt(''), '-a help', 'show the help of a command'),
    ...nodes.flatMap(fishNames),
    ...commonOptions().map((option) => fishFlag(option)),
    fishLine(undefined, '-s V -l version', 'print the version'),
    fishLine(undefined, '-s h -l help', 'show help'),
    ...nodes.flatMap((node) => [
      ...optionsOf(node).map((option) => fishFlag(option, node.path)),
      ...(node.command.arguments ?? [])
        .slice(0, 1)
        .map((argument) => fishLine(fishAt(node.path), fishValues(argument))),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A function that knows whether a command is the one that has been typed, as the program itself finds it. */
function fishCommand(nodes: readonly CommandNode[]): string {
  return `function __wordfreq_at
  set -l path
  for word in (commandline -opc)[2..]
    set -l longer (string trim -- "$path $word")
    if contains -- "$longer" ${nodes.map((node) => fishQuoted(node.path)).join(' ')}
      set path "$longer"
    end
  end
  test "$path" = "$argv"
end`;
}

/** The names below a command. */
function fishNames({ path, below }: CommandNode): readonly string[] {
  return below.map(({ name, summary }) => fishLine(fishAt(path), `-a ${name}`, summary));
}

function fishAt(path: string): string {
  return `__wordfreq_at ${path}`.trimEnd();
}

function fishFlag({ flag, option }: FlaggedOption, path?: string): string {
  const letter = option.short === undefined ? '' : `-s ${option.short} `;
  const value = option.value === undefined ? '' : ` -r ${fishValues(option)}`;
  return fishLine(
    path === undefined ? undefined : fishAt(path),
    `${letter}-l ${flag.slice(2)}${value}`,
    option.summary,
  );
}

function fishValues({ choices, completes }: Completed): string {
  if (choices !== undefined) return `-f -a ${fishQuoted(choices.join(' '))}`;
  if (completes === undefined) return '-f';
  return completes === 'files' ? '-F' : "-f -a '(__fish_complete_directories)'";
}

function fishLine(condition: string | undefined, what: string, about?: string): string {
  const when = condition === undefined ? '' : ` -n ${fishQuoted(condition)}`;
  return `complete -c wordfreq${when} ${what}${about === undefined ? '' : ` -d ${fishQuoted(about)}`}`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
