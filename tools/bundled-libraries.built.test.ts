import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAllowedLicence } from './allowed-licences.ts';

const DIST = resolve(import.meta.dirname, '../packages/cli/dist');

/** The libraries of which a bundle has code, by its source maps. */
function bundledLibraries(): ReadonlySet<string> {
  const maps = globSync('*.js.map', { cwd: DIST }).map((file) => readFileSync(join(DIST, file), 'utf8'));
  const sources = maps.flatMap((map) => (JSON.parse(map) as { readonly sources: string[] }).sources);
  return new Set(sources.flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []));
}

describe('the notices of what the command line is bundled with', () => {
  const notices = readFileSync(join(DIST, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    .split(/^-{80}$/m)
    .slice(1)
    .map((notice) => {
      const [, name = '', licence = ''] = /^\s*(\S+) \S+ \((.*)\)$/m.exec(notice) ?? [];
      return { name, licence, text: notice.trim() };
    });

  it('name every library, with terms', () => {
    const libraries = [...bundledLibraries()];
    expect(libraries).toEqual(expect.arrayContaining(['@aws-sdk/client-s3', 'fastify', 'dynalite']));
    const named = new Set(notices.map(({ name }) => name));
    expect(libraries.filter((library) => !named.has(library))).toEqual([]);
    expect(notices.filter(({ text }) => text.split('\n').length < 3)).toEqual([]);
  });

  it('state known and permissive licences', () => {
    expect(notices.filter(({ licence }) => !isAllowedLicence(licence))).toEqual([]);
  });
});
