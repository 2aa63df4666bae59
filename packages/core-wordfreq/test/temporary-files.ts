import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** Makes a folder for the tests of a file. */
export function useTemporaryFolder(): {
  /** Returns the path of a file with a name. */
  readonly pathOf: (name: string) => string;
  /** Writes a file, and returns its path. */
  readonly fileOf: (name: string, bytes: Uint8Array) => Promise<string>;
} {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wordfreq-core-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const pathOf = (name: string): string => join(folder, name);
  return {
    pathOf,
    async fileOf(name, bytes) {
      await writeFile(pathOf(name), bytes);
      return pathOf(name);
    },
  };
}
