import { readFileSync } from 'node:fs';

/** The variables in the file that `wordfreq local` writes for other terminals, without the shell's quotes. */
export function readyVariables(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').matchAll(/^export (\w+)='([^']*)'$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}
