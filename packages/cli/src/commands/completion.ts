import { type Command, type CommandRow, defineCommand } from '../command-line/command.ts';
import type { Shell } from '../completion/completion-for.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish'];

/** `wordfreq completion`, of a table of commands. */
export function completionCommand(commands: readonly CommandRow[]): Command {
  return defineCommand({
    description:
      'The script is made from the same table as --help. It is complete in itself: the shell does not start wordfreq again.',
    arguments: [{ name: 'shell', summary: 'for which shell', choices: SHELLS }],
    examples: [
      { line: 'source <(wordfreq completion bash)', summary: 'in ~/.bashrc' },
      { line: 'source <(wordfreq completion zsh)', summary: 'in ~/.zshrc, after compinit' },
      { line: 'wordfreq completion fish | source', summary: 'in ~/.config/fish/config.fish' },
    ],
    async run([shell], { json }, { terminal }) {
      const { completionFor } = await import('../completion/completion-for.ts');
      const script = await completionFor(shell as Shell, commands);
      terminal.line(json ? JSON.stringify({ shell, script }) : script.trimEnd());
      return EXIT_CODES.ok;
    },
  });
}
