import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const PORTS = resolve(import.meta.dirname, '../packages/aws-adapters/src/ports');

/** What is left to run once types and comments are gone. */
function runtimeCode(typescript: string): string {
  return stripTypeScriptTypes(typescript, { mode: 'strip' })
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/[;\s]/g, '');
}

describe('ports', () => {
  it.each(globSync('*.ts', { cwd: PORTS }))('%s holds types only', (file) => {
    expect(runtimeCode(readFileSync(join(PORTS, file), 'utf8'))).toBe('');
  });

  it('would show a value, if a port held one', () => {
    expect(runtimeCode('/** doc */ export const limit: number = 1;')).toBe('exportconstlimit=1');
  });
});
