import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foreignImports, ONLY_NODE, PACKAGE } from './foreign-imports.ts';

describe('what the package needs', () => {
  it('is no other package', () => {
    const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    for (const field of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies']) {
      expect(manifest[field], field).toBeUndefined();
    }
    expect(manifest['sideEffects']).toBe(false);
  });

  it.each(['src/index.ts', 'src/web/index.ts', 'src/cjk/index.ts', 'src/southeast-asia/index.ts'])(
    'is nothing at all in %s',
    (entry) => {
      expect([...foreignImports(entry).keys()]).toEqual([]);
    },
  );

  it.each(['src/node/index.ts', 'src/node/decompress.ts', 'src/node/dictionaries.ts'])(
    'is only Node in %s',
    (entry) => {
      expect([...foreignImports(entry).keys()].filter((specifier) => !ONLY_NODE.test(specifier))).toEqual([]);
    },
  );

  it('is only chardet in src/encoding/index.ts, which the build includes', () => {
    expect([...foreignImports('src/encoding/index.ts').keys()]).toEqual(['chardet']);
  });

  it('would be seen: the walk finds what ./node needs', () => {
    expect([...foreignImports('src/node/index.ts').keys()].sort()).toContain('node:worker_threads');
  });
});
