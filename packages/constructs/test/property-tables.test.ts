import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { propertyTables } from '../tools/write-property-tables.ts';

describe(propertyTables, () => {
  const tables = propertyTables();

  it('are those in docs/properties.md; run "npm run docs" after a change', () => {
    expect(readFileSync(new URL('../docs/properties.md', import.meta.url), 'utf8')).toBe(tables);
  });

  it('say what each property is', () => {
    expect(tables.split('\n').filter((line) => line.endsWith('|  |'))).toEqual([]);
  });

  it('give each optional property a default', () => {
    const missing = tables.split('\n').filter((line) => /^\| `\w+` \| .* \| {2}\| /.test(line));
    expect(missing).toEqual([]);
  });
});
