import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** Licences that ask for no more than to be named. Another one is a decision to take, not a line to add. */
const ALLOWED: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly devOptional?: boolean;
}

/** What consumers install with our packages, by name, with its licence as the lockfile has it. */
function productionLicences(): ReadonlyMap<string, string> {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const found = new Map<string, string>();
  for (const [path, { license = 'none stated', dev, devOptional, link }] of Object.entries(packages)) {
    if (!path.includes('node_modules/') || dev === true || devOptional === true || link === true) continue;
    found.set(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length), license);
  }
  return found;
}

/** `(MIT OR GPL-3.0-or-later)`: one of those that the author offers is enough. */
const choices = (license: string): string[] => license.replaceAll(/[()]/g, '').split(' OR ');

describe('licences of what our packages depend on', () => {
  const licences = productionLicences();

  it('are all known and permissive', () => {
    const others = [...licences].filter(
      ([, license]) => !choices(license).some((choice) => ALLOWED.has(choice)),
    );
    expect(others).toEqual([]);
    expect(licences.size).toBeGreaterThan(50);
  });

  it('are listed; "npx vitest run --project tools licences -u" updates the list', async () => {
    const sections = [...new Set(licences.values())].sort().map((license) => {
      const names = [...licences.keys()].filter((name) => licences.get(name) === license).sort();
      return `## ${license}\n\n${names.map((name) => `\`${name}\``).join(', ')}\n`;
    });
    const text = `# Licences of production dependencies\n\nWritten by \`tools/licences.test.ts\` from the lockfile.\n\n${sections.join('\n')}`;
    await expect(text).toMatchFileSnapshot('../docs/dependency-licences.md');
  });
});
