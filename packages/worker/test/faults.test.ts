import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PACKAGE = new URL('../', import.meta.url);
const page = readFileSync(new URL('FAULTS.md', PACKAGE), 'utf8');
const named = [...page.matchAll(/\[[\w.-]+\]\(([^)]+)\): (.+?)(?=<br>| \|\n)/g)].map(
  ([, file = '', title = '']) => ({ file, title }),
);

describe('FAULTS.md', () => {
  it('names a test for each fault', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| fault'));
    expect(rows.length).toBeGreaterThan(35);
    for (const row of rows) expect(row).toMatch(/\]\(.*\.ts\): /);
  });

  it.each(named)('names a test that exists: $title', ({ file, title }) => {
    const url = new URL(file, PACKAGE);
    expect(existsSync(url), file).toBe(true);
    expect(readFileSync(url, 'utf8').includes(title), file).toBe(true);
  });
});
