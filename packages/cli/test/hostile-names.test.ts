import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jobBody } from '../src/pipeline/objects/job-for-object.ts';
import { useEmbeddedCloud } from './support/embedded-cloud.ts';
import { openWordfreq, runWordfreq } from './support/run-wordfreq.ts';

/**
 * A title for the terminal, a C1 control, an override of the direction, a line feed: each acts on a terminal
 * that shows it.
 */
const HOSTILE = 'a\u001b]0;pwned\u0007b\u009b31mc\u202ed\u2066e\nf.txt';
const ACTIVE = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const embedded = useEmbeddedCloud();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  mkdirSync(join(folder, 'texts'));
  writeFileSync(join(folder, 'texts', HOSTILE), `the \u001b[31mcat\u202e \u009b ${HOSTILE}`);
  writeFileSync(join(folder, 'plain.txt'), 'the dog');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An object of the hostile key with an outcome, one without, and a dead letter of it. */
async function prepare(): Promise<void> {
  const { put, finish, bury, resources } = embedded();
  const counted = await put(HOSTILE);
  await finish(counted, {
    outcome: 'failed:not-text',
    error: { code: 'not-text', message: `About ${HOSTILE}.` },
    words: [{ word: HOSTILE, count: 1 }],
  });
  const missing = await put(`missing/${HOSTILE}`);
  await bury(resources.deadLettersQueueUrl, jobBody(counted, 'us-east-1'), {
    code: 'not-text',
    detail: `About ${HOSTILE}.`,
    facts: new Map([
      ['bucket', resources.processingBucket],
      ['key', missing.key],
    ]),
  });
}

const JSON_COMMANDS: readonly (readonly string[])[] = [
  ['results'],
  ['results', HOSTILE],
  ['results', HOSTILE, '--history'],
  ['explain', HOSTILE],
  ['explain', `nothing/${HOSTILE}`],
  ['reconcile'],
  ['dlq', 'list'],
  ['dlq', 'redrive', '--dry-run'],
  ['dlq', 'purge', '--yes'],
  ['backfill', '--dry-run'],
  ['backfill', '--prefix', 'missing/'],
  ['watch', '--once'],
  ['upload', 'TEXTS', '--prefix', '\u001b[1m'],
  ['upload', 'TEXTS', '--wait', '--timeout', '0s'],
  ['create-table', 'RESULTS'],
];
const OTHER_COMMANDS: readonly (readonly string[])[] = [
  ...JSON_COMMANDS,
  ['results', '--format', 'csv'],
  ['results', HOSTILE, '--format', 'csv'],
];

async function run(
  args: readonly string[],
): Promise<{ readonly lines: readonly string[]; readonly all: string }> {
  await prepare();
  const given = args.map((arg) => {
    if (arg === 'TEXTS') return join(folder, 'texts');
    return arg === 'RESULTS' ? embedded().resources.resultsTable : arg;
  });
  const { lines, notes } = await embedded().run(given);
  return { lines, all: [...lines, ...notes].join('\n') };
}

describe('a name that acts on terminals', () => {
  it.each(OTHER_COMMANDS)('is harmless in the output of: %j %j %j %j', async (...args) => {
    const { lines, all } = await run(args);
    expect(all).not.toMatch(ACTIVE);
    // Its line feed begins no line of its own.
    expect(lines.filter((line) => line.startsWith('f.txt'))).toEqual([]);
  });

  it.each(JSON_COMMANDS)('is harmless in JSON, and the same for programs: %j %j %j %j', async (...args) => {
    const { lines, all } = await run([...args, '--json']);
    expect(all).not.toMatch(ACTIVE);
    const isOfLines = ['reconcile', 'watch', 'backfill'].includes(args[0] ?? '');
    const values = isOfLines ? lines.map((line) => JSON.parse(line)) : [JSON.parse(lines.join('\n'))];
    const names = JSON.stringify(values);
    if (args[0] !== 'watch' && args[0] !== 'create-table' && args[1] !== '--prefix')
      expect(names).toContain(JSON.stringify(HOSTILE).slice(1, -1));
  });

  const TEXT_COMMANDS: readonly (readonly string[])[] = [
    ...['table', 'json', 'ndjson', 'csv', 'tsv'].map((format) => [
      'count',
      '--per-file',
      '--tokenizer',
      'whitespace',
      '--format',
      format,
      'texts',
    ]),
    ...['table', 'json', 'csv', 'tsv'].map((format) => ['compare', '--format', format, 'texts', 'plain.txt']),
    ['count', HOSTILE],
    ['count', '--json', HOSTILE],
    ['count', '--stop-words', HOSTILE, 'plain.txt'],
    [HOSTILE],
    ['count', `--${HOSTILE}`],
    ['count', '--top', HOSTILE],
    ['upload', HOSTILE, '--bucket', HOSTILE],
  ];

  it.each(TEXT_COMMANDS)('is harmless in a pipe: %j %j %j %j %j %j', async (...args) => {
    const { stdout, stderr } = await runWordfreq(args, { cwd: folder });
    expect(stdout + stderr).not.toMatch(ACTIVE);
    expect(stdout + stderr).not.toBe('');
  });

  it.each(['table', 'csv', 'json'])('is harmless on a screen as %s', async (format) => {
    const args = ['count', '--per-file', '--tokenizer', 'whitespace', '--format', format, 'texts'];
    const session = openWordfreq(args, { cwd: folder });
    expect(await session.exitCode).toBe(0);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the styles of our own
    const withoutStyles = session.raw.replaceAll(/\u001b\[(?:1|2|22)m|\r\n/g, '');
    expect(withoutStyles).not.toMatch(ACTIVE);
  });
});
