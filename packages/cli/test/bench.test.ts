import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint, lackOf, programs } from '../bench/contestants.ts';
import { PROGRAM_LINE } from './support/run-wordfreq.ts';

const SAMPLES = join(import.meta.dirname, '../../../samples/texts');
const [wordfreq, ...others] = programs(PROGRAM_LINE);

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
  path = join(folder, 'text.txt');
  writeFileSync(path, readFileSync(join(SAMPLES, 'en-northanger-abbey.txt')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the programs of the bench', () => {
  for (const program of others) {
    const lack = lackOf(program);
    const missing = lack === undefined ? '' : ` (skipped: no ${lack} here)`;
    it.skipIf(missing !== '')(`${program.name} finds the same words as wordfreq${missing}`, () => {
      expect(fingerprint(program, path)).toBe(wordfreq && fingerprint(wordfreq, path));
    });
  }
});
