import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The examples' pages need the CDK's command line as well: `judges/deployment` runs them. */
const PAGES = ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'packages/*/docs/**/*.md'];

/** A command with `aws` in it that a page tells its readers to run. */
export interface DocumentedCommand {
  readonly page: string;
  /** As it is written, lines that continue joined. */
  readonly command: string;
}

/** Every command in the shell fences of our pages that calls the AWS CLI. */
export function documentedAwsCommands(): readonly DocumentedCommand[] {
  const pages = globSync(PAGES, { cwd: ROOT, exclude: (name) => name === 'node_modules' });
  return pages.sort().flatMap((page) => {
    const fences = readFileSync(resolve(ROOT, page), 'utf8').matchAll(/^( *)```sh\n([\s\S]*?)^\1```/gm);
    return [...fences].flatMap(([, , body = '']) =>
      body
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => /(^|[ (|])aws /.test(line) && !line.startsWith('#'))
        .map((command) => ({ page, command })),
    );
  });
}
