import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync(new URL('../FAULTS.md', import.meta.url), 'utf8');

// That the tests exist is checked for all documents, in tools/names-in-documents.test.ts.
it('FAULTS.md names a test for each fault', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| fault'));
  expect(rows.length).toBeGreaterThan(35);
  for (const row of rows) expect(row).toMatch(/\]\(.*\.ts\): /);
});
