import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CJK_WORDS_VERSION } from '../src/dictionary/generated/cjk-words.ts';
import { UNICODE_VERSION } from '../src/tokenize/generated/unicode-tables.ts';
import { ROOT } from '../tools/compile-engine.ts';

const run = promisify(execFile);

function resolves(module: string): boolean {
  try {
    return existsSync(createRequire(import.meta.url).resolve(module));
  } catch {
    return false;
  }
}

// generated-files.test.ts compares what is compiled from sources of this repository; these read data from elsewhere.
const DATA = `@unicode/unicode-${UNICODE_VERSION}`;
const hasData = resolves(`${DATA}/package.json`);
const hasIcu = `icu${process.versions.icu?.split('.')[0]}` === CJK_WORDS_VERSION;

describe('what is generated from the data of others', () => {
  it.runIf(hasData)(
    `the tables of Unicode are those of ${DATA} (it needs that package)`,
    { timeout: 300_000 },
    () => check('generate-unicode-tables.ts'),
  );

  it.runIf(hasIcu)(
    `the dictionaries are those of this Node (it needs ICU ${CJK_WORDS_VERSION.slice(3)})`,
    { timeout: 300_000 },
    () => check('generate-dictionaries.ts'),
  );
});

/** Fails with what the generator says if its files are not what it would write. */
async function check(generator: string): Promise<void> {
  const { stdout, stderr } = await run(process.execPath, [join(ROOT, 'tools', generator), '--check']);
  expect(`${stdout}${stderr}`).toBe('');
}
