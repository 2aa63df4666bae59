import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { runInShell, type ShellRun } from './run-in-shell.ts';
import { until } from './until.ts';

/** The file with the variables of the pipeline, in its folder. */
export const READY = 'ready.env';

/** Bytes that are no text in any encoding. */
export const NOT_TEXT: Uint8Array = Uint8Array.from({ length: 300 }, (_, index) => index % 7);

/** A pipeline in the background, and a folder of files for it. */
export interface BackgroundPipeline {
  /** Known once the pipeline runs. */
  folder: string;
  started: ShellRun;
  /** Runs a line of a shell that knows the pipeline. */
  readonly wordfreq: (line: string) => Promise<ShellRun>;
  /** The same, for output in JSON. */
  readonly json: <T>(line: string) => Promise<T>;
}

/**
 * Starts `wordfreq local --detach` with further options before the tests of a file, in a folder with the files, and
 * stops it after them.
 */
export function useBackgroundPipeline(
  options: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): BackgroundPipeline {
  const pipeline: BackgroundPipeline = {
    folder: '',
    started: { exitCode: -1, stdout: '', stderr: '' },
    wordfreq: (line) => runInShell(`. ./${READY}; ${line}`, { cwd: pipeline.folder }),
    json: async (line) => JSON.parse((await pipeline.wordfreq(line)).stdout),
  };
  beforeAll(async () => {
    pipeline.folder = mkdtempSync(join(tmpdir(), 'background-'));
    for (const [name, contents] of Object.entries(files)) {
      const path = join(pipeline.folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
    }
    pipeline.started = await runInShell(
      `wordfreq local ${options} --detach --ready-file ${READY} --port 0 --aws-port 0 --dynamodb-port 0`,
      { cwd: pipeline.folder },
    );
  });
  afterAll(async () => {
    await pipeline.wordfreq('kill "$WORDFREQ_LOCAL_PID"');
    await until('the background process has gone', async () => !existsSync(join(pipeline.folder, READY)));
    rmSync(pipeline.folder, { recursive: true, force: true });
  });
  return pipeline;
}
