import type { CommandRow } from '../command-line/command.ts';
import { loadCommands } from '../command-line/command-tree.ts';
import { bashCompletion } from './bash-completion.ts';
import { fishCompletion } from './fish-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

/** A shell that there is a script for. */
export type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** The script that completes wordfreq's command line in a shell. */
export async function completionFor(shell: Shell, commands: readonly CommandRow[]): Promise<string> {
  return SCRIPTS[shell](await loadCommands(commands));
}
