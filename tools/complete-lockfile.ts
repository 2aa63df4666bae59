/**
 * Completes `package-lock.json` with the platform packages that npm leaves out when it cannot reach them
 * while it writes the lockfile (another platform's binaries on a mirror that lacks them; npm/cli#4828): each
 * is an optional dependency with an exact version, so everything but its checksum is known. Without them
 * `npm ci` refuses the lockfile. Run: `npm run lock`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The part of a lockfile that matters here. */
export interface Lockfile {
  readonly packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  version?: string;
  optionalDependencies?: Record<string, string>;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const OS = /(?:^|[-/])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)(?:-|$)/;
const CPU = /-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|wasm32|x64)(?:-|$)/;

/** Optional dependencies with exact versions that the lockfile lacks, as `path → package`. */
export function missingPackages(lockfile: Lockfile): Map<string, LockedPackage> {
  const missing = new Map<string, LockedPackage>();
  for (const [path, locked] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      if (!/^\d/.test(version) || isLocked(lockfile, path, name)) continue;
      missing.set(placeFor(lockfile, missing, path, name, version), describePackage(name, version, locked));
    }
  }
  return missing;
}

/** Looks where Node would: in the package's own `node_modules`, then further up. */
function isLocked({ packages }: Lockfile, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '' || !folder.includes('/node_modules/')) return `node_modules/${name}` in packages;
  }
}

/** At the top, unless another version is there. */
function placeFor(
  { packages }: Lockfile,
  missing: ReadonlyMap<string, LockedPackage>,
  path: string,
  name: string,
  version: string,
): string {
  const top = `node_modules/${name}`;
  const present = packages[top] ?? missing.get(top);
  return present === undefined || present.version === version ? top : `${path}/node_modules/${name}`;
}

function describePackage(name: string, version: string, parent: LockedPackage): LockedPackage {
  const os = OS.exec(name)?.[1];
  const cpu = CPU.exec(name)?.[1];
  return {
    version,
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(parent.dev === true ? { dev: true } : {}),
    ...(/-musl/.test(name)
      ? { libc: ['musl'] }
      : /-gnu/.test(name) && os === 'linux'
        ? { libc: ['glibc'] }
        : {}),
    optional: true,
    ...(os === undefined ? {} : { os: [os] }),
  };
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../package-lock.json');
  const lockfile: Lockfile = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingPackages(lockfile);
  const { '': root, ...others } = { ...lockfile.packages, ...Object.fromEntries(missing) };
  const sorted = Object.fromEntries(Object.entries(others).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify({ ...lockfile, packages: { '': root, ...sorted } }, null, 2)}\n`);
  console.log(`${missing.size} platform packages added to package-lock.json`);
}
