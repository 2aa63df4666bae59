/** Fails when a production dependency has a known vulnerability of high or critical severity, as far as the registry tells. */
import { spawnSync } from 'node:child_process';

const { stdout, status } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
});
const report = JSON.parse(stdout || '{}') as {
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
};

if (report.metadata === undefined) {
  // Mirrors and private registries often have no audit endpoint. CI of the public repository asks npm's own.
  const reason = report.message ?? report.error?.summary ?? 'no answer';
  console.log(`npm audit: not checked, because this registry gives no advisories (${reason})`);
} else {
  for (const [name, { severity, range }] of Object.entries(report.vulnerabilities ?? {})) {
    console.log(`${severity}: ${name} ${range}`);
  }
  console.log(
    `npm audit: ${status === 0 ? 'nothing high or critical' : 'see above, and "npm audit --omit=dev"'}`,
  );
  process.exitCode = status ?? 1;
}
