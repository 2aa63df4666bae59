import {
  type CommandNode,
  commonOptions,
  everyNode,
  type FlaggedOption,
  optionsOf,
} from '../command-line/command-tree.ts';
import type { Completed } from './completed.ts';

/** A script for zsh: a file `_wordfreq` in `$fpath`, or read in by `source`. */
export function zshCompletion(commands: readonly CommandNode[]): string {
  const groups = everyNode(commands).filter(({ below }) => below.length > 0);
  const leaves = everyNode(commands).filter(({ below }) => below.length === 0);
  return `#compdef wordfreq
# Completion of wordfreq for zsh. Load it with: source <(wordfreq completion zsh)
_wordfreq_common=(
${specs(commonOptions())}
  '--help[show help]'
)

${menu('', commands)}
${groups.map(({ path, below }) => menu(path, below)).join('\n')}
${leaves.map(leaf).join('\n')}
if [[ $funcstack[1] = _wordfreq ]]; then _wordfreq "$@"; else compdef _wordfreq wordfreq; fi
`;
}

function functionName(path: string): string {
  return path === '' ? '_wordfreq' : `_wordfreq_${path.replaceAll(/[ -]/g, '_')}`;
}

/** A function that completes the names of commands and hands over to theirs. */
function menu(path: string, commands: readonly CommandNode[]): string {
  const rows = commands.map(
    ({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
  );
  const calls = commands.map((node) => `        ${node.name}) ${functionName(node.path)} ;;`);
  return `${functionName(path)}() {
  local curcontext=$curcontext state line
  local -a commands=(
${rows.join('\n')}
  )
  _arguments -C $_wordfreq_common ${path === '' ? "'(- *)--version[print the version]' " : ''}'1: :->command' '*:: :->rest' && return
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
${calls.join('\n')}
      esac ;;
  esac
}
`;
}

function leaf(node: CommandNode): string {
  // One that nothing completes makes zsh list the options instead of typing the one that fits.
  const completed = (node.command.arguments ?? []).filter(({ choices, completes }) => choices ?? completes);
  const operands = completed.map(({ name, variadic = false, ...values }) =>
    quoted(`${variadic ? '*' : ''}:${name}:${action(values)}`),
  );
  return `${functionName(node.path)}() {
  _arguments $_wordfreq_common \\
${[...optionsOf(node).map(spec), ...operands].map((line) => `    ${line}`).join(' \\\n')}
}
`;
}

function specs(options: readonly FlaggedOption[]): string {
  return options.map((option) => `  ${spec(option)}`).join('\n');
}

function spec({ flag, option }: FlaggedOption): string {
  const about = option.summary.replaceAll(/[[\]]/g, (bracket) => `\\${bracket}`);
  const value = option.value === undefined ? '' : `:${option.value}:${action(option)}`;
  return quoted(`${option.repeatable === true ? '*' : ''}${flag}[${about}]${value}`);
}

function action({ choices, completes }: Completed): string {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  if (completes === undefined) return '';
  return completes === 'files' ? '_files' : '_files -/';
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
