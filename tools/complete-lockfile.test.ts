import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Lockfile, missingPackages } from './complete-lockfile.ts';

const lockfile: Lockfile = JSON.parse(
  readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8'),
);

describe(missingPackages, () => {
  it('finds none in our lockfile, so that npm ci takes it on every platform', () => {
    expect([...missingPackages(lockfile).keys()]).toEqual([]);
  });

  it('finds what npm left out, and says for which platform it is', () => {
    const packages = {
      'node_modules/tool': {
        version: '1.2.3',
        dev: true,
        optionalDependencies: {
          '@tool/linux-x64-musl': '1.2.3',
          '@tool/win32-arm64': '1.2.3',
          plugin: '^1.0.0',
        },
      },
      'node_modules/@tool/win32-arm64': { version: '1.2.3' },
    };
    expect([...missingPackages({ packages })]).toEqual([
      [
        'node_modules/@tool/linux-x64-musl',
        { version: '1.2.3', cpu: ['x64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] },
      ],
    ]);
  });
});
