import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import config from '../vitest.config.ts';
import { setup } from './temporary-folder.ts';

describe(setup, () => {
  it('is called in every project, so that a run of tests leaves nothing in the machine’s temporary folder', () => {
    const projects = config.test?.projects ?? [];
    expect(projects.length).toBeGreaterThan(5);
    for (const project of projects) {
      expect(project).toMatchObject({
        test: {
          globalSetup: expect.arrayContaining([expect.stringMatching(/tools\/temporary-folder\.ts$/)]),
        },
      });
    }
  });

  it('decides where tests and the programs that they start put temporary files', () => {
    const ofProgram = execFileSync(process.execPath, ['-p', 'os.tmpdir()'], { encoding: 'utf8' });
    expect([tmpdir(), ofProgram.trim()]).toEqual(Array(2).fill(process.env['WORDFREQ_TEST_FOLDER']));
  });
});
