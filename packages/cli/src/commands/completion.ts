import { type Command, type CommandRow, defineCommand, loadCommands } from '../command-line/command.ts';
import { bashCompletion, fishCompletion, zshCompletion } from '../command-line/completion-scripts.ts';
import { EXIT_CODES } from '../errors.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** `wordfreq completion`, of a table of commands. */
export function completionCommand(commands: readonly CommandRow[]): Command {
  return defineCommand({
    description:
      'The script is generated from the same table as --help. It is self-contained: the shell does not start wordfreq to complete.',
    arguments: [{ name: 'shell', summary: 'which shell', choices: SHELLS }],
    examples: [
      { line: 'source <(wordfreq completion bash)', summary: 'in ~/.bashrc' },
      { line: 'source <(wordfreq completion zsh)', summary: 'in ~/.zshrc, after compinit' },
      { line: 'wordfreq completion fish | source', summary: 'in ~/.config/fish/config.fish' },
      {
        line: 'wordfreq completion fish > ~/.config/fish/completions/wordfreq.fish',
        summary: 'once, for every new fish',
      },
    ],
    async run([shell], { json }, { terminal }) {
      const script = await completionFor(shell as Shell, commands);
      if (json) terminal.line(JSON.stringify({ shell, script }));
      else await terminal.write(script.trimEnd().split('\n'));
      return EXIT_CODES.ok;
    },
  });
}

/** A shell that there is a script for. */
export type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** The script that completes wordfreq's command line in a shell. */
export async function completionFor(shell: Shell, commands: readonly CommandRow[]): Promise<string> {
  return SCRIPTS[shell](await loadCommands(commands));
}
