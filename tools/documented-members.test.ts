import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const PACKAGES = resolve(import.meta.dirname, '../packages');

/** The API reports of every package, which `check-package` compares with the built declarations. */
const REPORTS: readonly string[] = readdirSync(PACKAGES).flatMap((name) =>
  readdirSync(join(PACKAGES, name, 'api')).map((file) => `${name}/api/${file}`),
);

/** The declarations without a doc comment: API Extractor marks them in its report. */
function undocumented(report: string): string[] {
  const lines = report.split('\n');
  return lines.flatMap((line, index) =>
    /^\s*\/\/.*\(undocumented\)/.test(line) ? [lines[index + 1]?.trim() ?? ''] : [],
  );
}

describe('public members', () => {
  it('of every package are in a report', () => {
    expect(new Set(REPORTS.map((report) => report.split('/')[0]))).toEqual(new Set(readdirSync(PACKAGES)));
  });

  it.each(REPORTS)('in %s have doc comments; add the missing ones, then run "npm run api"', (report) => {
    expect(undocumented(readFileSync(join(PACKAGES, report), 'utf8'))).toEqual([]);
  });

  it('without doc comments are found', () => {
    const report = [
      'export interface Job {',
      '    // (undocumented)',
      '    readonly id: string;',
      '}',
      '',
      '// @public (undocumented)',
      'export type Random = () => number;',
    ].join('\n');
    expect(undocumented(report)).toEqual(['readonly id: string;', 'export type Random = () => number;']);
  });
});
