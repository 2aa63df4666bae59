import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAllowedLicence } from './allowed-licences.ts';

const ROOT = resolve(import.meta.dirname, '..');

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

describe('licences of what our packages depend on', () => {
  const licences = productionLicences();

  it('are all known and permissive', () => {
    const others = [...licences].filter(([, license]) => !isAllowedLicence(license));
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
