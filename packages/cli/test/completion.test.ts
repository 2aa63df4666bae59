import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../../tools/find-program.ts';
import { completionFor } from '../src/commands/completion.ts';
import { COMMANDS } from '../src/commands.ts';
import { openTerminal } from './support/run-wordfreq.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  mkdirSync(join(folder, 'texts-folder'));
  writeFileSync(join(folder, 'texts-file.txt'), '');
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    writeFileSync(join(folder, `completion.${shell}`), await completionFor(shell, COMMANDS));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lackOf = (shell: string): string =>
  findProgram(shell) === undefined ? ` (skipped: no ${shell} here)` : '';

/** What is typed, what it is completed to, and what is not offered there. */
const CASES: readonly (readonly [typed: string, offered: readonly string[], not: string])[] = [
  ['wordfreq co', ['compare', 'completion', 'count'], 'dlq'],
  ['wordfreq completion ', ['bash', 'fish', 'zsh'], 'count'],
  ['wordfreq count --t', ['--text', '--threads', '--tokenizer', '--top'], '--samples'],
  ['wordfreq count --top 5 --js', ['--json'], '--samples'],
  ['wordfreq count -o texts-fi', ['texts-file.txt'], 'texts-folder'],
  ['wordfreq count dlq texts-', ['texts-file.txt', 'texts-folder'], 'list'],
  ['wordfreq compare texts-file.txt texts-fo', ['texts-folder'], 'texts-file.txt'],
  ['wordfreq count --tokenizer whi', ['whitespace'], 'unicode'],
  ['wordfreq --json count --format ', ['csv', 'json', 'ndjson', 'table', 'tsv'], '--json'],
  ['wordfreq dlq ', ['list', 'purge', 'redrive', 'show'], 'count'],
  ['wordfreq dlq purge --dr', ['--dry-run'], '--limit'],
  ['wordfreq count texts-', ['texts-file.txt', 'texts-folder'], 'count'],
  ['wordfreq local --samples texts-', ['texts-folder'], 'texts-file.txt'],
];

describe.skipIf(lackOf('bash') !== '')(`completion in bash${lackOf('bash')}`, () => {
  it.each(CASES)('completes “%s”', (typed, offered, not) => {
    const words = typed.split(' ');
    const script =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: bash expands it
      'source completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _wordfreq; printf "%s\\n" "${COMPREPLY[@]}"';
    const replies = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(replies.trim().split('\n').sort()).toEqual(offered);
    expect(replies.split('\n')).not.toContain(not);
  });

  it('completes under the fingers', async () => {
    const session = openTerminal(['bash', '--norc', '--noprofile', '-i'], { cwd: folder });
    try {
      session.type('source completion.bash; echo is-"ready"\n');
      await session.shows(/is-ready/);
      session.type('wordfreq count --tokenizer=white\t');
      await session.shows(/--tokenizer=whitespace /);
    } finally {
      session.kill('SIGKILL');
    }
  });
});

describe.skipIf(lackOf('fish') !== '')(`completion in fish${lackOf('fish')}`, () => {
  it.each(CASES)('completes “%s”', (typed, offered, not) => {
    const replies = execFileSync(
      'fish',
      ['--no-config', '-c', `source completion.fish; complete -C '${typed}'`],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, HOME: folder },
      },
    );
    // Behind a tab there is what it is about.
    const words = replies.split('\n').map((line) => line.split('\t')[0]?.replace(/\/$/, ''));
    expect(words).toEqual(expect.arrayContaining([...offered]));
    expect(words).not.toContain(not);
  });
});

describe.skipIf(lackOf('fish') !== '')(
  `completion in fish, by a file that it loads itself${lackOf('fish')}`,
  () => {
    it.each(CASES)('completes “%s”', (typed, offered, not) => {
      const completions = join(folder, 'home/.config/fish/completions');
      mkdirSync(completions, { recursive: true });
      mkdirSync(join(folder, 'bin'), { recursive: true });
      copyFileSync(join(folder, 'completion.fish'), join(completions, 'wordfreq.fish'));
      // Fish loads the completions of programs that are there.
      writeFileSync(join(folder, 'bin/wordfreq'), '#!/bin/sh\n', { mode: 0o755 });
      const { stdout, stderr } = spawnSync('fish', ['-c', `complete -C '${typed}'`], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, HOME: join(folder, 'home') },
      });
      expect(stderr).toBe('');
      const words = stdout.split('\n').map((line) => line.split('\t')[0]?.replace(/\/$/, ''));
      expect(words).toEqual(expect.arrayContaining([...offered]));
      expect(words).not.toContain(not);
    });
  },
);

describe.skipIf(lackOf('zsh') !== '')(`completion in zsh${lackOf('zsh')}`, () => {
  it('completes commands, options and values under the fingers', async () => {
    const session = openTerminal(['zsh', '-f', '-i'], { cwd: folder, environment: { HOME: folder } });
    const ran = 'wordfreq() { print -r -- "ran: $*." }';
    try {
      session.type(`autoload -U compinit; compinit -u -D; source completion.zsh; ${ran}; echo is-"ready"\n`);
      await session.shows(/is-ready/);
      for (const [typed, completed] of [
        ['compl', 'completion'],
        ['completion fi', 'completion fish'],
        ['count --stop', 'count --stop-words'],
        ['count -o texts-fi', 'count -o texts-file.txt'],
        ['-j count --for', '-j count --format'],
        ['count --top 5 --js', 'count --top 5 --json'],
        ['--json count --tokenizer whi', '--json count --tokenizer whitespace'],
        ['dlq redr', 'dlq redrive'],
        ['dlq purge --dr', 'dlq purge --dry-run'],
        ['count texts-fi', 'count texts-file.txt'],
        ['local --samples texts-', 'local --samples texts-folder'],
      ] as const) {
        const from = session.text.length;
        session.type(`wordfreq ${typed}\t`);
        // Zsh takes a Tab with more keys after it for pasted text.
        await session.shows(new RegExp(completed), from);
        session.type('\n');
        await session.shows(new RegExp(`ran: ${completed}/?\\.`));
      }
    } finally {
      session.kill('SIGKILL');
    }
  });
});
