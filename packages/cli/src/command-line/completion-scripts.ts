import {
  type Argument,
  type CommandNode,
  commonOptions,
  everyNode,
  type FlaggedOption,
  optionsOf,
} from './command.ts';

/** What a shell has to know to complete a value: of an option or an argument. */
type Completed = Pick<Argument, 'choices' | 'completes'>;

/** A script for bash 4 or newer; needs no other package. */
export function bashCompletion(commands: readonly CommandNode[]): string {
  const nodes = everyNode(commands);
  return `# Completion of wordfreq for bash. Load it with: source <(wordfreq completion bash)
_wordfreq() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' word i
  COMPREPLY=()
  # "--format=js" comes as three bashWords.
  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case "$path $word" in
${bashCases(nodes.map((node) => [` ${node.path}`, `path=' ${node.path}'`]))}
    esac
  done
  case "$path $prev" in
${bashCases(nodes.flatMap(bashValueCases))}
  esac
  case "$prev" in
${bashCases(bashValues(commonOptions()).map(([bashFlags, reply]) => [bashFlags, `${reply}; return`]))}
  esac
  if [[ $cur == -* ]]; then
    case "$path" in
${bashCases([...nodes.map((node) => [node.path === '' ? '' : ` ${node.path}`, bashWords(bashFlags(optionsOf(node)))] as const), ['*', ':']])}
    esac
    COMPREPLY+=($(compgen -W '${bashFlags(commonOptions())} -h --help -V --version' -- "$cur"))
    return
  fi
  case "$path" in
${bashCases([['', bashWords([...commands.map(({ name }) => name), 'help'].join(' '))], ...nodes.map((node) => [` ${node.path}`, bashOperands(node)] as const)])}
  esac
}
complete -F _wordfreq wordfreq
`;
}

type BashCase = readonly [pattern: string, reply: string];

function bashCases(rows: readonly BashCase[]): string {
  return rows.map(([pattern, reply]) => `      ${bashPattern(pattern)}) ${reply} ;;`).join('\n');
}

/** Alternatives stay outside of the quotes. */
function bashPattern(pattern: string): string {
  return pattern === '*'
    ? pattern
    : pattern
        .split('|')
        .map((part) => `'${part}'`)
        .join('|');
}

function bashFlags(options: readonly FlaggedOption[]): string {
  return options.flatMap(({ flags }) => flags).join(' ');
}

const BASH_FILES = 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur"))';
const BASH_FOLDERS = 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"))';

function bashWords(choices: string): string {
  return `COMPREPLY=($(compgen -W '${choices}' -- "$cur"))`;
}

function bashValueCases(node: CommandNode): readonly BashCase[] {
  return bashValues(optionsOf(node)).map(([flags, reply]) => [
    flags
      .split('|')
      .map((flag) => ` ${node.path} ${flag}`)
      .join('|'),
    `${reply}; return`,
  ]);
}

/** What completes the value of each option that has one. */
function bashValues(options: readonly FlaggedOption[]): readonly BashCase[] {
  return options
    .filter(({ option }) => option.value !== undefined)
    .map(({ flags, option }) => [flags.join('|'), bashReply(option)]);
}

function bashReply({ choices, completes }: Completed): string {
  if (choices !== undefined) return bashWords(choices.join(' '));
  if (completes === undefined) return ':';
  return completes === 'files' ? BASH_FILES : BASH_FOLDERS;
}

/** What may follow a command's name: commands below it, or its arguments. */
function bashOperands({ command, below }: CommandNode): string {
  if (below.length > 0) return bashWords(below.map(({ name }) => name).join(' '));
  const [argument] = command.arguments ?? [];
  return argument === undefined ? ':' : bashReply(argument);
}

/** A script for zsh: a file `_wordfreq` in `$fpath`, or read in by `source`. */
export function zshCompletion(commands: readonly CommandNode[]): string {
  const groups = everyNode(commands).filter(({ below }) => below.length > 0);
  const leaves = everyNode(commands).filter(({ below }) => below.length === 0);
  return `#compdef wordfreq
# Completion of wordfreq for zsh. Load it with: source <(wordfreq completion zsh)
_wordfreq_common=(
${zshSpecs(commonOptions())}
  '(- *)'{-h,--help}'[show help]'
  '(- *)'{-V,--version}'[print the version]'
)

${zshMenu('', commands)}
${groups.map(({ path, below }) => zshMenu(path, below)).join('\n')}
${leaves.map(zshLeaf).join('\n')}
if [[ $funcstack[1] = _wordfreq ]]; then _wordfreq "$@"; else compdef _wordfreq wordfreq; fi
`;
}

function zshFunction(path: string): string {
  return path === '' ? '_wordfreq' : `_wordfreq_${path.replaceAll(/[ -]/g, '_')}`;
}

/** A function that completes the names of commands and hands over to theirs. */
function zshMenu(path: string, commands: readonly CommandNode[]): string {
  const rows = commands.map(
    ({ name, summary }) => `    ${zshQuoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
  );
  const calls = commands.map((node) => `        ${node.name}) ${zshFunction(node.path)} ;;`);
  return `${zshFunction(path)}() {
  local curcontext=$curcontext state line
  local -a commands=(
${rows.join('\n')}
  )
  _arguments -C $_wordfreq_common '1: :->command' '*:: :->rest' && return
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

function zshLeaf(node: CommandNode): string {
  // One that nothing completes makes zsh list the options instead of typing the one that fits.
  const completed = (node.command.arguments ?? []).filter(({ choices, completes }) => choices ?? completes);
  const operands = completed.map(({ name, variadic = false, ...values }) =>
    zshQuoted(`${variadic ? '*' : ''}:${name}:${zshAction(values)}`),
  );
  return `${zshFunction(node.path)}() {
  _arguments $_wordfreq_common \\
${[...optionsOf(node).map(zshSpec), ...operands].map((line) => `    ${line}`).join(' \\\n')}
}
`;
}

function zshSpecs(options: readonly FlaggedOption[]): string {
  return options.map((option) => `  ${zshSpec(option)}`).join('\n');
}

function zshSpec({ flag, flags, option }: FlaggedOption): string {
  const about = option.summary.replaceAll(/[[\]]/g, (bracket) => `\\${bracket}`);
  const value = option.value === undefined ? '' : `:${option.value}:${zshAction(option)}`;
  const rest = zshQuoted(`[${about}]${value}`);
  if (flags.length > 1) return `${zshQuoted(`(${flags.join(' ')})`)}{${flags.join(',')}}${rest}`;
  return zshQuoted(`${option.repeatable === true ? '*' : ''}${flag}[${about}]${value}`);
}

function zshAction({ choices, completes }: Completed): string {
  if (choices !== undefined) return `(${choices.join(' ')})`;
  if (completes === undefined) return '';
  return completes === 'files' ? '_files' : '_files -/';
}

function zshQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

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
    ...nodes.flatMap(({ path, below }) =>
      below.map(({ name, summary }) => fishLine(fishAt(path), `-a ${name}`, summary)),
    ),
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

const fishAt = (path: string): string => `__wordfreq_at ${path}`.trimEnd();

function fishFlag({ flag, option }: FlaggedOption, path?: string): string {
  const letter = option.short === undefined ? '' : `-s ${option.short} `;
  const value = option.value === undefined ? '' : ` -r ${fishValues(option)}`;
  const condition = path === undefined ? undefined : fishAt(path);
  return fishLine(condition, `${letter}-l ${flag.slice(2)}${value}`, option.summary);
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
