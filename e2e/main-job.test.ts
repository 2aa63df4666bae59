import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { type ProgramRun, runProgram } from './support/run-program.ts';
import { until } from './support/until.ts';

const SAMPLES = resolve(import.meta.dirname, '../samples/texts');
const FREE_PORTS = ['--port', '0', '--aws-port', '0', '--dynamodb-port', '0'];
const texts = readdirSync(SAMPLES).filter((name) => name.endsWith('.txt'));

let run: ProgramRun | undefined;
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
});

describe('the main job', () => {
  it('counts every sample, shows the dead letter and its mail, and ends', async () => {
    run = runProgram(['local', '--samples', SAMPLES, '--exit', ...FREE_PORTS]);
    expect(await run.ended, run.stderr()).toBe(0);
    const output = run.stdout();
    for (const name of texts) expect(output).toContain(name);
    expect(output).toMatch(new RegExp(`Files +${texts.length}\n`));
    expect(output).toMatch(/Failures +1\n/);
    expect(output).toContain('Dead-letter queue (1)\n  not-a-text.txt  not-text: ');
    expect(output).toContain('Mail that would have been sent (1)\n');
    // A line per file as it finishes, for logs, and no escape sequence anywhere.
    expect(run.stderr()).toContain(`Counting ${texts.length}/${texts.length}`);
    expect(output + run.stderr()).not.toContain('\u001b');
    for (const line of output.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
  });

  it('stays up after the samples, and stops cleanly on SIGINT', async () => {
    run = runProgram(['local', '--samples', SAMPLES, ...FREE_PORTS]);
    const { stdout, stderr, child, ended } = run;
    await until('it waits for more files', async () => stdout().includes('Ctrl-C stops.'));
    child.kill('SIGINT');
    expect(await ended, stderr()).toBe(0);
    expect(stderr()).toContain('Stopped.');
  });
});

describe('what can be wrong with the surroundings', () => {
  it.each(['--port', '--aws-port', '--dynamodb-port'])(
    'says in a sentence that %s is busy',
    async (option) => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const ports = FREE_PORTS.map((value, index) =>
        FREE_PORTS[index - 1] === option ? String(port) : value,
      );
      run = runProgram(['local', '--exit', ...ports]);
      const code = await run.ended;
      server.close();
      expect(run.stderr()).toMatch(new RegExp(`^wordfreq: .*${port}.*`, 'm'));
      expect(run.stderr()).not.toContain('    at ');
      expect(code).toBe(3);
    },
  );

  it('says in a sentence that the folder is missing', async () => {
    run = runProgram(['local', '--samples', 'no/such/folder', ...FREE_PORTS]);
    expect(await run.ended).toBe(3);
    expect(run.stderr()).toBe(
      'wordfreq: the folder no/such/folder does not exist\n  Name a folder with .txt files: --samples <folder>\n',
    );
  });

  it('says in a sentence that the data folder cannot be made', async () => {
    run = runProgram(['local', '--data-dir', '/dev/null/data', '--exit', ...FREE_PORTS]);
    expect(await run.ended).toBe(3);
    expect(run.stderr()).toMatch(/^wordfreq: .*\/dev\/null\/data.*/m);
    expect(run.stderr()).not.toContain('    at ');
  });

  it.runIf(process.getuid?.() !== 0)(
    'says in a sentence that the data folder is not writable (it needs a user who is not root)',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'read-only-'));
      chmodSync(folder, 0o500);
      run = runProgram(['local', '--data-dir', folder, '--exit', ...FREE_PORTS]);
      expect(await run.ended).toBe(3);
      expect(run.stderr()).toMatch(/^wordfreq: .*read-only-.*/m);
      rmSync(folder, { recursive: true, force: true });
    },
  );

  it('says what is wrong with an option', async () => {
    run = runProgram(['local', '--workers', 'many']);
    expect(await run.ended).toBe(2);
    expect(run.stderr()).toContain('--workers many: expected a whole number from 0 to 64');
  });
});
