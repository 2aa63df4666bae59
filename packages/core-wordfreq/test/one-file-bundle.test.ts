import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Format } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const ENTRY = join(import.meta.dirname, '../src/node/index.ts');
const folder = mkdtemp(join(tmpdir(), 'wordfreq-bundle-'));
afterAll(async () => rm(await folder, { recursive: true }));

describe('@org/wordfreq-core/node in one file', () => {
  it.each<[Format, string]>([
    ['cjs', 'bundle.cjs'],
    ['esm', 'bundle.mjs'],
  ])('counts with one thread, as %s, because no program for threads is beside it', async (format, name) => {
    const root = await folder;
    const text = join(root, `${format}.txt`);
    await writeFile(text, 'to be or not to be\n'.repeat(1000));
    await build({
      stdin: {
        contents: `import { countFile } from ${JSON.stringify(ENTRY)};
          countFile(${JSON.stringify(text)}, { threads: 4, minBytesPerThread: 1 })
            .then((counts) => console.log(JSON.stringify(counts.top(2))));`,
        resolveDir: root,
      },
      outfile: join(root, name),
      bundle: true,
      platform: 'node',
      format,
      target: 'node20',
      conditions: ['@org/source'],
      logLevel: 'error',
      // CommonJS has no import.meta: that is what the test is about.
      logOverride: { 'empty-import-meta': 'silent' },
    });
    const printed = execFileSync(process.execPath, [join(root, name)], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual([
      { word: 'be', count: 2000 },
      { word: 'to', count: 2000 },
    ]);
  });
});
