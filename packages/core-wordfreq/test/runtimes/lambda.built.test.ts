import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installation, installBuiltPackage } from './built-package.ts';

const HANDLER = `
import { Readable } from 'node:stream';
import { countWords } from '@org/wordfreq-core';
const chunk = Buffer.from('to be or not to be, das ist hier die Frage: ещё раз\\n'.repeat(1000));
export async function handler({ chunks }) {
  const stream = Readable.from((function* () { for (let sent = 0; sent < chunks; sent += 1) yield chunk; })());
  const counts = await countWords(stream, { engine: 'wasm' });
  return { top: counts.top(2), bytes: counts.totalBytes, maxRssKilobytes: process.resourceUsage().maxRSS };
}`;

interface Answer {
  readonly top: readonly unknown[];
  readonly bytes: number;
  readonly maxRssKilobytes: number;
}

describe('one bundled file, as a Lambda function has it', () => {
  let installed: Installation;
  beforeAll(async () => {
    installed = installBuiltPackage();
    writeFileSync(join(installed.folder, 'handler.ts'), HANDLER);
    await build({
      entryPoints: [join(installed.folder, 'handler.ts')],
      outfile: join(installed.folder, 'function/index.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
    });
  });
  afterAll(() => installed?.remove());

  async function invoke(chunks: number): Promise<Answer> {
    const call = `require('./index.js').handler({ chunks: ${chunks} }).then((answer) => console.log(JSON.stringify(answer)))`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--max-old-space-size=96', '--max-semi-space-size=1', '-e', call],
      { cwd: join(installed.folder, 'function'), env: {} },
    );
    return JSON.parse(stdout) as Answer;
  }

  it('counts 256 MB within 128 MB, the least that a function can have', async () => {
    const answer = await invoke(5000);
    expect(answer.top).toEqual([
      { word: 'be', count: 10_000_000 },
      { word: 'to', count: 10_000_000 },
    ]);
    expect(answer.bytes).toBe(5000 * 58_000);
    expect(answer.maxRssKilobytes).toBeLessThan(128 * 1024);
  });
});
