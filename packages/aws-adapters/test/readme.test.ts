import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PORT_ERROR_CODES } from '../src/errors/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('shows a first example that runs as it stands', async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const file = join(root, 'test', `readme-example-${process.pid}.ts`);
  await writeFile(file, example);
  try {
    const node = ['--conditions=@org/source', '--disable-warning=ExperimentalWarning', file];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, node);
    expect({ stdout, stderr }).toEqual({ stdout: '11 one two two\n', stderr: '' });
  } finally {
    await rm(file);
  }
});

it('explains every error code', () => {
  const table = readme.slice(readme.indexOf('## Errors'), readme.indexOf('## Write your own'));
  const documented = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
  expect(documented).toEqual(PORT_ERROR_CODES);
});
