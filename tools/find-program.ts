import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Returns the programs of a name in the folders of `PATH`; a shell would run the first. */
export function programsNamed(name: string): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).filter(isProgram);
}

/** Returns where a program is, if it is installed here. */
export function findProgram(name: string): string | undefined {
  return programsNamed(name)[0];
}

/** Returns the `go` in `PATH`, or the one where its installer puts it. */
export function findGo(): string | undefined {
  return findProgram('go') ?? ['/usr/local/go/bin/go'].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
