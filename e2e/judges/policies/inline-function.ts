import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Lambda } from '../../../packages/cli/src/local/copy-lambda.ts';
import { embeddedEnvironment } from '../../../packages/cli/src/local/ready-file.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Calls the handler of the code before it for each message of the parent. */
const RUNTIME = `
process.on('message', ({ id, event }) =>
  exports.handler(event).then(
    (response) => process.send({ id, response }),
    (error) => process.send({ id, error: String(error) }),
  ));
process.on('disconnect', () => process.exit(0));`;

interface Answer {
  readonly id: number;
  readonly response?: SQSBatchResponse;
  readonly error?: string;
}

/**
 * Runs a function whose code travels in the template, as Lambda does: CommonJS, beside an AWS SDK, in a
 * process of its own.
 */
export function startInline(
  code: string,
  environment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Omit<Lambda, 'pid'> {
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', code + RUNTIME], {
    cwd: ROOT,
    env: embeddedEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', onLine);
  }
  let calls = 0;
  return {
    async invoke(event: SQSEvent) {
      const id = ++calls;
      child.send({ id, event });
      for (;;) {
        const [answer] = (await once(child, 'message')) as [Answer];
        if (answer.id !== id) continue;
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.response ?? { batchItemFailures: [] };
      }
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
