/**
 * Fails when a library that users get has a known vulnerability of high or critical severity, as far as the
 * registry tells.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

interface Vulnerability {
  readonly severity: string;
  readonly range: string;
}

const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', cwd: ROOT });
const report = JSON.parse(stdout || '{}') as {
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly metadata?: object;
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
};

/** What is installed with our packages, by the lockfile. */
function installed(): readonly string[] {
  const lock = JSON.parse(readFileSync(resolve(ROOT, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
  };
  return Object.entries(lock.packages).flatMap(([path, { dev, devOptional }]) =>
    dev === true || devOptional === true ? [] : (/.*node_modules\/(.+)$/.exec(path)?.[1] ?? []),
  );
}

/** What the command line is bundled with, by the notices that its build writes. */
function bundled(): readonly string[] {
  const notices = readFileSync(resolve(ROOT, 'packages/cli/dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  return [...notices.matchAll(/^-{80}\n\n(\S+) /gm)].map(([, name = '']) => name);
}

if (report.metadata === undefined) {
  // Mirrors and private registries often have no audit endpoint. CI of the public repository asks npm's own.
  const reason = report.message ?? report.error?.summary ?? 'no answer';
  console.log(`npm audit: not checked, because this registry gives no advisories (${reason})`);
} else {
  const ours = new Set([...installed(), ...bundled()]);
  const severe = Object.entries(report.vulnerabilities ?? {}).filter(
    ([name, { severity }]) => ours.has(name) && ['high', 'critical'].includes(severity),
  );
  for (const [name, { severity, range }] of severe) console.log(`${severity}: ${name} ${range}`);
  console.log(
    `npm audit: ${severe.length === 0 ? 'nothing high or critical' : 'see above, and "npm audit"'}`,
  );
  if (severe.length > 0) process.exitCode = 1;
}
