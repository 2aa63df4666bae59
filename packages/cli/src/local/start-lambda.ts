import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { embeddedEnvironment } from './embedded-environment.ts';
import type { Running } from './event-source-mapping.ts';
import type { InvocationAnswer } from './lambda-process.ts';

/** How to run the copy Lambda. */
export interface LambdaOptions {
  /** The function's environment variables, and the AWS SDK's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the function logs. */
  readonly onLine: (line: string) => void;
}

/** A function that can be called. */
export interface Lambda extends Running {
  /** @throws Error when the handler threw, or the process ended */
  invoke(event: SQSEvent): Promise<SQSBatchResponse>;
}

/** Beside this file: the source when run from sources, else the built program. */
function runtimeProgram(): string {
  const source = fileURLToPath(new URL('./lambda-process.ts', import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL('./lambda-process.js', import.meta.url));
}

/** Starts the copy Lambda in a process of its own. */
export function startLambda({ environment, onLine }: LambdaOptions): Lambda {
  const waiting = new Map<string, (answer: InvocationAnswer) => void>();
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, runtimeProgram()], {
    env: embeddedEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onLine);
  }
  child.on('message', (answer: InvocationAnswer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.on('exit', (code, signal) => {
    const error = `the copy Lambda's process ended (${signal ?? `exit code ${code}`})`;
    for (const [id, settle] of waiting) settle({ id, error });
    waiting.clear();
  });
  return {
    async invoke(event) {
      const id = randomUUID();
      const answered = new Promise<InvocationAnswer>((resolve) => waiting.set(id, resolve));
      child.send({ id, event }, (error) => {
        if (error !== null) waiting.get(id)?.({ id, error: error.message });
      });
      const answer = await answered;
      if ('error' in answer) throw new Error(`the copy handler failed: ${answer.error}`);
      return answer.response ?? { batchItemFailures: [] };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
