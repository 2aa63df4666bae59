import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import { countTexts } from './count-texts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'count-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a.txt'), 'red fish');
  writeFileSync(join(folder, 'sub', 'b.txt'), 'blue fish 红 =cmd()');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* piped(...chunks: string[]): AsyncIterable<Uint8Array> {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
}

async function run(
  args: readonly string[],
  options: Partial<Parameters<typeof countTexts>[1]> = {},
  stdin = piped(),
): Promise<string[]> {
  const terminal = memoryTerminal();
  const all = { top: 10, tokenizer: 'unicode', format: 'tsv', perFile: false, ...options } as const;
  expect(
    await countTexts(args, all, { terminal, signal: new AbortController().signal, stdin, environment: {} }),
  ).toBe(0);
  return terminal.lines;
}

describe(countTexts, () => {
  it('counts standard input, in chunks that end anywhere', async () => {
    expect(await run([], {}, piped('to be or n', 'ot to be'))).toEqual([
      'file\tword\tcount',
      '-\tbe\t2',
      '-\tto\t2',
      '-\tnot\t1',
      '-\tor\t1',
    ]);
  });

  it('counts a folder’s files together, and words do not run together between files', async () => {
    expect(await run([folder], { top: 2 })).toEqual(['word\tcount', 'fish\t2', 'blue\t1']);
  });

  it('counts each file by itself when asked', async () => {
    const lines = await run([join(folder, '*.txt'), join(folder, 'sub')], { perFile: true, top: 1 });
    expect(lines).toEqual(['file\tword\tcount', `${folder}/a.txt\tfish\t1`, `${folder}/sub/b.txt\tblue\t1`]);
  });

  it('opens gzip', async () => {
    writeFileSync(join(folder, 'c.txt.gz'), gzipSync('zip zip'));
    expect(await run([join(folder, 'c.txt.gz')])).toContain(`${folder}/c.txt.gz\tzip\t2`);
  });

  it('says what is wrong with a file that is no gzip', async () => {
    writeFileSync(join(folder, 'c.gz'), 'plain');
    await expect(run([join(folder, 'c.gz')])).rejects.toMatchObject({
      message: expect.stringMatching(/c\.gz cannot be read: .*not gzip|incorrect header/),
      exitCode: 3,
    });
  });

  it('says that nothing is there', async () => {
    await expect(run([join(folder, 'nope')])).rejects.toMatchObject({
      message: `no file, folder or match for ${folder}/nope`,
      exitCode: 3,
    });
  });

  it('writes JSON that a program reads back', async () => {
    const [json = ''] = await run([join(folder, 'a.txt')], { format: 'json' });
    expect(JSON.parse(json)).toEqual({
      name: `${folder}/a.txt`,
      totalBytes: 8,
      totalWords: 2,
      distinctWords: 2,
      warnings: [],
      top: [
        { word: 'fish', count: 1 },
        { word: 'red', count: 1 },
      ],
    });
  });

  it('writes CSV in which a word is no formula', async () => {
    const lines = await run([], { format: 'csv', tokenizer: 'whitespace' }, piped('=1+1 "quoted",'));
    expect(lines).toEqual(['file,word,count', `-,"""quoted"",",1`, `-,'=1+1,1`]);
  });

  it('draws a table that fits, with bars and totals', async () => {
    const lines = await run([], { format: 'table' }, piped('红楼梦 the the the \u202e'));
    expect(lines[0]).toBe('-');
    expect(lines[1]).toMatch(/^the +3 {2}█{40}$/);
    expect(lines.at(-1)).toMatch(/words, \d+ different/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
});
