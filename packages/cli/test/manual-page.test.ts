import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../../tools/find-program.ts';
import { everyNode, loadCommands } from '../src/command-line/command.ts';
import { COMMANDS } from '../src/commands.ts';
import { EXIT_CODES } from '../src/errors.ts';
import { manualPage } from '../tools/manual-page.ts';

const PATH = join(import.meta.dirname, '../man/wordfreq.1');
const missing = findProgram('man') === undefined ? ' (skipped: no man here)' : '';

describe(manualPage, () => {
  it('is in the package as it would be made now; npm run man -w packages/cli makes it', async () => {
    expect(readFileSync(PATH, 'utf8')).toBe(manualPage(await loadCommands(COMMANDS)));
  });

  it('has every command, option and exit code, in ASCII', async () => {
    const page = readFileSync(PATH, 'utf8');
    for (const { path } of everyNode(await loadCommands(COMMANDS))) {
      expect(page).toContain(`wordfreq ${path}`.replaceAll('-', '\\-'));
    }
    for (const code of Object.values(EXIT_CODES)) expect(page).toContain(`\\fB${code}\\fR`);
    expect(page).not.toMatch(/[^\n -~]/);
  });

  it.skipIf(missing !== '')(`is rendered without a warning${missing}`, () => {
    const environment = { ...process.env, MANROFFSEQ: '', MANWIDTH: '80', LC_ALL: 'C.UTF-8' };
    const shown = execFileSync('man', ['--warnings', '-P', 'cat', '-l', PATH], {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(shown).toContain('wordfreq - count the words of texts');
    expect(shown).toContain('--stop-words');
  });
});
