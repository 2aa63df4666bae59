import {
  type CommandNode,
  commonOptions,
  everyNode,
  type FlaggedOption,
  optionsOf,
} from '../command-line/command-tree.ts';
import type { Completed } from './completed.ts';

/** A script for bash 4 or newer; needs no other package. */
export function bashCompletion(commands: readonly CommandNode[]): string {
  const nodes = everyNode(commands);
  return `# Completion of wordfreq for bash. Load it with: source <(wordfreq completion bash)
_wordfreq() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' word i
  COMPREPLY=()
  # "--format=js" comes as three words.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
${cases(nodes.map((node) => [` ${node.path}`, `path=' ${node.path}'`]))}
    esac
  done
  case "$path $prev" in
${cases(nodes.flatMap(valueCases))}
  esac
  case "$prev" in
${cases(valuesOf(commonOptions()).map(([flags, reply]) => [flags, `${reply}; return`]))}
  esac
  if [[ $cur == -* ]]; then
    case "$path" in
${cases([...nodes.map((node) => [node.path === '' ? '' : ` ${node.path}`, words(flags(optionsOf(node)))] as const), ['*', words('--version')]])}
    esac
    COMPREPLY+=($(compgen -W '${flags(commonOptions())} --help' -- "$cur"))
    return
  fi
  case "$path" in
${cases([['', words([...commands.map(({ name }) => name), 'help'].join(' '))], ...nodes.map((node) => [` ${node.path}`, operands(node)] as const)])}
  esac
}
complete -F _wordfreq wordfreq
`;
}

type Case = readonly [pattern: string, reply: string];

function cases(rows: readonly Case[]): string {
  return rows.map(([pattern, reply]) => `      ${quoted(pattern)}) ${reply} ;;`).join('\n');
}

/** Alternatives stay outside of the quotes. */
function quoted(pattern: string): string {
  return pattern === '*'
    ? pattern
    : pattern
        .split('|')
        .map((part) => `'${part}'`)
        .join('|');
}

function flags(options: readonly FlaggedOption[]): string {
  return options.map(({ flag }) => flag).join(' ');
}

const FILES = 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
const FOLDERS = 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"))';

function words(choices: string): string {
  return `COMPREPLY=($(compgen -W '${choices}' -- "$cur"))`;
}

function valueCases(node: CommandNode): readonly Case[] {
  return valuesOf(optionsOf(node)).map(([flag, reply]) => [` ${node.path} ${flag}`, `${reply}; return`]);
}

/** What completes the value of each option that has one. */
function valuesOf(options: readonly FlaggedOption[]): readonly Case[] {
  return options
    .filter(({ option }) => option.value !== undefined)
    .map(({ flag, option }) => [flag, replyFor(option)]);
}

function replyFor({ choices, completes }: Completed): string {
  if (choices !== undefined) return words(choices.join(' '));
  if (completes === undefined) return ':';
  return completes === 'files' ? FILES : FOLDERS;
}

/** What may follow a command's name: commands below it, or its arguments. */
function operands({ command, below }: CommandNode): string {
  if (below.length > 0) return words(below.map(({ name }) => name).join(' '));
  const [argument] = command.arguments ?? [];
  return argument === undefined ? ':' : replyFor(argument);
}
