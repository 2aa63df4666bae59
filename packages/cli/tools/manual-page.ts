import {
  type CommandNode,
  commonOptions,
  everyNode,
  type FlaggedOption,
  optionsOf,
} from '../src/command-line/command.ts';
import { EXIT_CODES } from '../src/errors.ts';

/** What each exit code means, for people. */
const MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  ok: 'done',
  failed: 'the request was not fulfilled, such as a file without a result',
  usage: 'the command line was wrong',
  environment: 'the environment does not allow it: a missing file, a busy port, no permission, no network',
  fault: 'a fault in the program itself; please report it',
  interrupted:
    'ended by Ctrl-C (SIGINT); local, watch and worker, which run until they are stopped, end with 0',
  terminated: 'ended by SIGTERM; likewise',
};

const VARIABLES: readonly (readonly [name: string, about: string])[] = [
  [
    'NO_COLOR, FORCE_COLOR, TERM',
    'no colour; colour also in a pipe, even beside NO_COLOR, or none if it is 0 or false; no colour and no bars if it is dumb',
  ],
  ['AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL', 'as for the AWS CLI, and every other variable of its SDK'],
  [
    'NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE',
    'where Node keeps compiled code for the next start, and whether',
  ],
];

/** The manual page wordfreq(1), as roff with the macros of man(7). */
export function manualPage(commands: readonly CommandNode[]): string {
  const lines = [
    '.\\" Made by "npm run man" from the descriptions of the commands. Do not edit.',
    '.TH WORDFREQ 1 "" "wordfreq" "User Commands"',
    '.SH NAME',
    'wordfreq \\- count the words of texts, here or on AWS',
    '.SH SYNOPSIS',
    '.B wordfreq',
    '.I command',
    '[\\fIoptions\\fR] [\\fIarguments\\fR]',
    '.SH DESCRIPTION',
    plain(
      'Counts words, runs the whole word-frequency pipeline on this machine, and says what happened to each file of a deployed one. ' +
        'Options may come before or after the command and its arguments.',
    ),
    '.SH COMMANDS',
    ...everyNode(commands).flatMap(commandLines),
    '.SH COMMON OPTIONS',
    ...commonOptions().flatMap(optionLines),
    ...[
      '.TP',
      `${bold('-h')}, ${bold('--help')}`,
      'Show help and end.',
      '.TP',
      `${bold('-V')}, ${bold('--version')}`,
      'Print the version and end.',
    ],
    '.SH EXIT STATUS',
    ...Object.entries(EXIT_CODES).flatMap(([name, code]) => [
      '.TP',
      bold(String(code)),
      plain(MEANINGS[name as keyof typeof EXIT_CODES]),
    ]),
    '.SH ENVIRONMENT',
    ...VARIABLES.flatMap(([name, about]) => ['.TP', bold(name), plain(about)]),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(node: CommandNode): readonly string[] {
  const { path, summary, command } = node;
  const names = (command.arguments ?? []).map(({ name, optional = false, variadic = false }) => {
    const shown = `\\fI${escaped(name)}\\fR${variadic ? '...' : ''}`;
    return optional ? `[${shown}]` : shown;
  });
  const description = command.description === undefined ? [] : ['.PP', plain(command.description)];
  const argumentLines = (command.arguments ?? []).flatMap((argument) => [
    '.TP',
    `\\fI${escaped(argument.name)}\\fR`,
    plain(argument.summary),
  ]);
  const failure = command.failure === undefined ? [] : ['.PP', plain(`Exit code 1: ${command.failure}.`)];
  return [
    `.SS "${[escaped(`wordfreq ${path}`), ...names].join(' ')}"`,
    plain(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...description,
    ...argumentLines,
    ...optionsOf(node).flatMap(optionLines),
    ...failure,
    '.PP',
    'Examples:',
    ...command.examples.flatMap(({ line, summary: about }) => [
      '.TP',
      `\\fB${escaped(line)}\\fR`,
      plain(about),
    ]),
  ];
}

function optionLines({ flags, option }: FlaggedOption): readonly string[] {
  const value = option.value === undefined ? '' : ` \\fI${escaped(option.value)}\\fR`;
  return ['.TP', `${flags.map(bold).join(', ')}${value}`, plain(option.summary + notes(option))];
}

function notes({ choices, default: standard }: FlaggedOption['option']): string {
  const parts = [
    ...(choices === undefined ? [] : [`one of ${choices.join(', ')}`]),
    ...(typeof standard === 'string' || typeof standard === 'number' ? [`default: ${standard}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

function bold(text: string): string {
  return `\\fB${escaped(text)}\\fR`;
}

/** A line of text, which must not be taken for a request. */
function plain(text: string): string {
  return escaped(text).replace(/^[.']/, '\\&$&');
}

/** Text as groff reads it everywhere: hyphens that can be copied, and nothing beyond ASCII. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll(/[^\n -~]/gu, (character) => {
      const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      return `\\[u${codePoint}]`;
    });
}
