import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cjkDictionary } from '../../src/cjk/index.ts';
import { countWords, TOKENIZERS } from '../../src/index.ts';
import * as southeastAsia from '../../src/southeast-asia/index.ts';
import { type Installation, installBuiltPackage } from './built-package.ts';
import { findRuntimes } from './find-runtimes.ts';

/** Where the package's own dictionaries tell words apart, all runtimes agree on these too. */
const WITHOUT_SPACES =
  '子曰：「學而時習之，不亦說乎？」我爱北京天安门。東京タワーとひらがな ภาษาไทยง่ายนิดเดียว ພາສາລາວ ភាសាខ្មែរ មនុស្សទាំងអស់ မြန်မာဘာသာ '.repeat(
    500,
  );

/** Without Chinese, Japanese and Thai, for which each runtime has a dictionary of its own. */
const TEXT =
  '\ufeffTo be, or not to be: “that” is Lord’s question. Straße ΟΔΟΣ οδός «Война и мир» نحن ١٢٣٫٤٥ हिन्दी में 한국어를 cafe\u0301\0\n'.repeat(
    20_000,
  );

/**
 * What each runtime does with the package: all tokenizers in both engines, streams, snapshots, encoded
 * counts, a file in two threads.
 */
const BODY = `
const text = process.argv[2] === undefined ? '' : readFileSync(process.argv[2], 'utf8');
async function main() {
  const results = {};
  for (const tokenizer of core.TOKENIZERS) {
    for (const engine of ['auto', 'javascript']) {
      results[tokenizer + ' ' + engine] = (await core.countWords(text, { tokenizer, engine })).toJSON();
    }
  }
  const options = { normalize: 'NFC', engine: 'wasm' };
  const bytes = new TextEncoder().encode(text);
  const counter = new core.WordCounter(options);
  counter.push(bytes.subarray(0, 1001));
  const restored = core.WordCounter.restore(counter.snapshot(), options);
  restored.push(bytes.subarray(1001));
  results.composed = (await core.decodeCounts(core.encodeCounts(restored.finish()))).toJSON();
  const dictionary = [cjk.cjkDictionary, ...Object.values(southeastAsia).filter(({ script }) => script)];
  for (const engine of ['auto', 'javascript']) {
    results['dictionary ' + engine] = (await core.countWords(${JSON.stringify(WITHOUT_SPACES)}, { dictionary, engine })).toJSON();
  }
  results.stream = (await core.countWords(new Blob([bytes]).stream())).toJSON();
  results.threads = (await node.countFile(process.argv[2], { threads: 2, minBytesPerThread: 1000 })).toJSON();
  process.stdout.write(JSON.stringify(results));
}
main();
`;

const PROGRAMS = {
  ESM: `import { readFileSync } from 'node:fs'; import process from 'node:process';
import * as core from '@org/wordfreq-core'; import * as node from '@org/wordfreq-core/node';
import * as cjk from '@org/wordfreq-core/cjk'; import * as southeastAsia from '@org/wordfreq-core/southeast-asia';${BODY}`,
  CJS: `const { readFileSync } = require('node:fs'); const process = require('node:process');
const core = require('@org/wordfreq-core'); const node = require('@org/wordfreq-core/node');
const cjk = require('@org/wordfreq-core/cjk'); const southeastAsia = require('@org/wordfreq-core/southeast-asia');${BODY}`,
} as const;

let installed: Installation;
let expected: Record<string, unknown>;

beforeAll(async () => {
  installed = installBuiltPackage();
  writeFileSync(join(installed.folder, 'text.txt'), TEXT);
  writeFileSync(join(installed.folder, 'ESM.mjs'), PROGRAMS.ESM);
  writeFileSync(join(installed.folder, 'CJS.cjs'), PROGRAMS.CJS);
  const whole = (await countWords(TEXT)).toJSON();
  expected = {
    composed: (await countWords(TEXT, { normalize: 'NFC' })).toJSON(),
    stream: whole,
    threads: whole,
  };
  const dictionary = [cjkDictionary, ...Object.values(southeastAsia)];
  const asian = (await countWords(WITHOUT_SPACES, { dictionary })).toJSON();
  for (const engine of ['auto', 'javascript']) expected[`dictionary ${engine}`] = asian;
  for (const tokenizer of TOKENIZERS) {
    const counts = (await countWords(TEXT, { tokenizer })).toJSON();
    for (const engine of ['auto', 'javascript']) expected[`${tokenizer} ${engine}`] = counts;
  }
});
afterAll(() => installed?.remove());

const runtimes = findRuntimes().map((runtime) => [`${runtime.name}${runtime.missing}`, runtime] as const);

describe('the built package', () => {
  describe.each(runtimes)('in %s', (_, { path, args, missing }) => {
    it.skipIf(missing !== '').each([
      ['ESM', 'ESM.mjs'],
      ['CJS', 'CJS.cjs'],
    ])('counts the same as %s', async (_, file) => {
      const { stdout } = await promisify(execFile)(path ?? '', [...args, file, 'text.txt'], {
        cwd: installed.folder,
        maxBuffer: 2 ** 26,
        env: { PATH: process.env['PATH'], HOME: installed.folder },
      });
      expect(JSON.parse(stdout)).toEqual(expected);
    });
  });
});
