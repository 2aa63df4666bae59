import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTerminal, openWordfreq, PROGRAM_LINE, runLine, runWordfreq } from './support/run-wordfreq.ts';

const ESCAPE = String.fromCharCode(0x1b);
const CTRL_C = '\u0003';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'terminal-'));
  writeFileSync(join(folder, 'small.txt'), 'the cat the dog');
  const words = Array.from({ length: 50_000 }, (_, index) => `w${index}`).join(' ');
  writeFileSync(join(folder, 'many.txt'), words);
  mkdirSync(join(folder, 'wide'));
  writeFileSync(
    join(folder, 'wide/漢字かな交じり文のとても長い名前のファイル漢字かな交じり文のとても長い名前.txt'),
    `${'漢字仮名交文'.repeat(30)} 👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧 the the the the naïve`,
  );
  // Takes long to count, and no room on the disk.
  writeFileSync(join(folder, 'long'), '');
  truncateSync(join(folder, 'long'), 4 * 2 ** 30);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('in a terminal', () => {
  it.each([80, 40])('a table of CJK and emoji fits into %d columns', async (columns) => {
    const session = openWordfreq(['count', '--tokenizer', 'whitespace', 'wide'], { cwd: folder, columns });
    expect(await session.exitCode).toBe(0);
    const lines = session.text.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/ words, \d different, /);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    const compare = openWordfreq(['compare', 'small.txt', 'wide'], { cwd: folder, columns });
    expect(await compare.exitCode).toBe(0);
    for (const line of compare.text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('has colour, but not with NO_COLOR or --no-color', async () => {
    const show = async (args: readonly string[], environment = {}): Promise<string> => {
      const session = openWordfreq(['count', 'small.txt', ...args], { cwd: folder, environment });
      expect(await session.exitCode).toBe(0);
      return session.raw;
    };
    expect(await show([])).toContain(ESCAPE);
    expect(await show(['--no-color'])).not.toContain(ESCAPE);
    expect(await show([], { NO_COLOR: '1' })).not.toContain(ESCAPE);
    expect(await show([], { TERM: 'dumb' })).not.toContain(ESCAPE);
  });

  it('long work shows a bar with rate and time left; Ctrl-C ends it with 130 and leaves nothing half-written', async () => {
    const args = ['count', '--tokenizer', 'whitespace', '--output', 'out.txt', 'long'];
    const session = openWordfreq(args, { cwd: folder });
    await session.shows(/\d+% .*\d [kMG]B\/s .*left/);
    session.type(CTRL_C);
    expect(await session.exitCode).toBe(130);
    expect(session.text).not.toContain('words,');
    expect(readdirSync(folder).filter((name) => name.startsWith('out'))).toEqual([]);
  });

  it('a pipe of unknown length shows bytes and rate, and Ctrl-C does not wait for its end', async () => {
    // In the shell's place, which would be interrupted, too; and what feeds it goes on, so that the pipe does
    // not end.
    const line = `exec ${PROGRAM_LINE} count - < <(trap '' INT; while sleep 0.2; do echo some words || exit; done)`;
    const session = openTerminal(['bash', '--norc', '-c', line], { cwd: folder });
    await session.shows(/\d+ B {2}\d+ B\/s/);
    session.type(CTRL_C);
    expect(await session.exitCode).toBe(130);
  });

  it('a pipe that ends by the same Ctrl-C is no whole text', async () => {
    const line = `trap : INT; yes some words | ${PROGRAM_LINE} count -; echo "ended: $\{PIPESTATUS[*]}"`;
    const session = openTerminal(['bash', '--norc', '-c', line], { cwd: folder });
    await session.shows(/B\/s/);
    session.type(CTRL_C);
    await session.exitCode;
    expect(session.text).toContain('ended: 130 130');
    expect(session.text).not.toContain('words,');
  });
});

describe('SIGTERM', () => {
  it('ends it with 143, without a word', async () => {
    const session = openWordfreq(['count', '--tokenizer', 'whitespace', 'long'], { cwd: folder });
    await session.shows(/left/);
    session.kill('SIGTERM');
    expect(await session.exitCode).toBe(143);
    expect(session.text).not.toMatch(/words,|wordfreq:/);
  });
});

describe('in a pipe', () => {
  it('is quiet, plain and 80 columns wide', async () => {
    const { stdout, stderr, exitCode } = await runWordfreq(['count', 'wide'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).not.toContain(ESCAPE);
    for (const line of stdout.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
  });

  it('has colour with FORCE_COLOR', async () => {
    const environment = { FORCE_COLOR: '1' };
    const { stdout } = await runWordfreq(['count', 'small.txt'], { cwd: folder, environment });
    expect(stdout).toContain(ESCAPE);
    // As in Node, but without its warning.
    const both = { FORCE_COLOR: '1', NO_COLOR: '1' };
    const run = await runWordfreq(['count', 'small.txt'], { cwd: folder, environment: both });
    expect(run).toEqual({ exitCode: 0, stdout, stderr: '' });
  });

  it.each(['table', 'tsv', 'csv', 'json'])(
    'says nothing when its reader leaves early (%s)',
    async (format) => {
      const line = `wordfreq count --top 0 --format ${format} many.txt | head -n 1; echo "$\{PIPESTATUS[0]}"`;
      const { stdout, stderr } = await runLine(line, { cwd: folder });
      expect(stderr).toBe('');
      expect(stdout.trimEnd().split('\n').at(-1)).toBe('0');
    },
  );
});

describe('output that cannot be written', () => {
  it.each([
    'count small.txt',
    'count --json many.txt --top 0',
    'count --help',
    '--version',
    'completion bash',
  ])('is one sentence with a hint and exit code 3: wordfreq %s', async (args) => {
    const { stderr, exitCode } = await runLine(`wordfreq ${args} > /dev/full`, { cwd: folder });
    const json = args.includes('--json');
    if (json) expect(JSON.parse(stderr).error).toMatchObject({ code: 'unwritable', exitCode: 3 });
    else {
      expect(stderr).toBe(
        'wordfreq: standard output cannot be written: no space is left on the device\n' +
          '  Make room there, or send the output elsewhere.\n',
      );
    }
    expect(exitCode).toBe(3);
  });

  it('is one sentence for a file that --output names, too', async () => {
    const { stderr, exitCode } = await runWordfreq(['count', '--output', '/dev/full', 'small.txt'], {
      cwd: folder,
    });
    expect(stderr).toMatch(
      /^wordfreq: \/dev\/full cannot be written: .*\n {2}Choose another file with --output\.\n$/,
    );
    expect(exitCode).toBe(3);
  });

  it('of errors leaves the exit code as it is', async () => {
    const { stdout, exitCode } = await runLine('wordfreq count nofile 2> /dev/full', { cwd: folder });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 });
  });
});

describe('--output', () => {
  it('goes into a process that bash names, and through /dev/stdout to the end of a file', async () => {
    const line = [
      'wordfreq count --format tsv --output >(cat > piped) small.txt',
      'wait $!',
      'echo before > log',
      'wordfreq count --format tsv --output /dev/stdout small.txt >> log',
      'cat piped log',
    ].join('; ');
    const { stdout, stderr } = await runLine(line, { cwd: folder });
    const counts = 'word\tcount\nthe\t2\ncat\t1\ndog\t1\n';
    expect({ stdout, stderr }).toEqual({ stdout: `${counts}before\n${counts}`, stderr: '' });
  });
});

describe('errors', () => {
  it('are one sentence with a hint, and show where they came from only with --debug', async () => {
    const { stdout, stderr, exitCode } = await runWordfreq(['count', 'no\u001b[31mfile'], { cwd: folder });
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '',
      stderr:
        'wordfreq: no file, folder or match for no‹U+001B›[31mfile\n' +
        '  Check the path; quote patterns that the shell must not expand.\n',
      exitCode: 3,
    });
    const debugged = await runWordfreq(['--debug', 'count', 'nofile'], { cwd: folder });
    expect(debugged.stderr).toMatch(/\n {4}at .*text-inputs\.ts:\d+/);
  });

  it('are JSON on standard error with --json, also when the command line is wrong', async () => {
    const missing = await runWordfreq(['count', 'nofile', '--json'], { cwd: folder });
    expect(missing.stdout).toBe('');
    expect(JSON.parse(missing.stderr).error).toMatchObject({ code: 'not-found', exitCode: 3 });
    const wrong = await runWordfreq(['--json', 'count', '--tokenizer', 'emoji']);
    expect(wrong.exitCode).toBe(2);
    expect(JSON.parse(wrong.stderr)).toEqual({
      error: {
        code: 'usage-invalid-value',
        message: '--tokenizer emoji: expected unicode, whitespace, aws-go-wordfreq-sample',
        hint: 'Run with --help to see what is possible.',
        exitCode: 2,
      },
    });
  });

  it('of a name that is nearly right come with the right one', async () => {
    const { stderr, exitCode } = await runWordfreq(['coutn']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('unknown command coutn; did you mean count?');
  });
});
