import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The examples' pages need the CDK's command line as well: `judges/deployment` runs them. */
const PAGES = ['*.md', 'docs/**/*.md', 'packages/*/*.md', 'packages/*/docs/**/*.md'];

/** The start of a shell function. */
const FUNCTION = /^([a-z]\w*)\(\) \{$/gm;

/** A command with `aws` in it that a page tells its readers to run. */
interface DocumentedCommand {
  readonly page: string;
  /** As it is written, lines that continue joined; a fence that defines functions is one command. */
  readonly command: string;
}

/**
 * Every command in the shell fences of our pages that calls the AWS CLI, itself or by a function of its page.
 */
export function documentedAwsCommands(): readonly DocumentedCommand[] {
  const pages = globSync(PAGES, { cwd: ROOT, exclude: (name) => name === 'node_modules' });
  return pages.sort().flatMap((page) => {
    const fences = readFileSync(resolve(ROOT, page), 'utf8').matchAll(/^( *)```sh\n([\s\S]*?)^\1```/gm);
    const bodies = [...fences].map(([, , body = '']) => body.replaceAll(/\\\n\s*/g, ''));
    const functions = bodies.flatMap((body) => [...body.matchAll(FUNCTION)].map(([, name]) => name));
    const callsAws = new RegExp(`(^|[ (|])aws |^(${functions.join('|') || 'aws'}) `);
    return bodies.flatMap((body) => {
      // A line of a function means nothing alone, nor does what sets its variables.
      if (body.search(FUNCTION) >= 0) return callsAws.test(body) ? [{ page, command: body }] : [];
      return body
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => callsAws.test(line) && !line.startsWith('#'))
        .map((command) => ({ page, command }));
    });
  });
}
