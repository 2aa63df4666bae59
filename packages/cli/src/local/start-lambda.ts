import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Running } from './event-source-mapping.ts';
import type { InvocationAnswer } from './lambda-process.ts';
import { superviseProcess } from './supervised-process.ts';

/** How to run the copy Lambda. */
export interface LambdaOptions {
  /** The function's environment variables, and the AWS SDK's. */
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the function logs. */
  readonly onLine: (line: string) => void;
  /** Told when the process ends without having been asked to; it is started again after a second. */
  readonly onCrash: (reason: string) => void;
}

/** A function that can be called. */
export interface Lambda extends Running {
  /** Of the present process; changes after a crash. */
  readonly pid: number | undefined;
  /** @throws Error when the handler threw, or the process ended */
  invoke(event: SQSEvent): Promise<SQSBatchResponse>;
}

/** Beside this file: the source when run from sources, else the built program. */
function runtimeProgram(): string {
  const source = fileURLToPath(new URL('./lambda-process.ts', import.meta.url));
  return existsSync(source) ? source : fileURLToPath(new URL('./lambda-process.js', import.meta.url));
}

/** Starts the copy Lambda in a process of its own, which is replaced when it ends, as Lambda replaces an execution environment. */
export function startLambda({ environment, onLine, onCrash }: LambdaOptions): Lambda {
  const waiting = new Map<string, (answer: InvocationAnswer) => void>();
  function settle(answer: InvocationAnswer): void {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  }
  const lambda = superviseProcess({
    program: runtimeProgram(),
    environment,
    onLine,
    onMessage: (answer) => settle(answer as InvocationAnswer),
    onCrash(reason) {
      onCrash(reason);
      for (const id of waiting.keys()) settle({ id, error: `the copy Lambda's process ended (${reason})` });
    },
    end: (child) => child.disconnect(),
  });
  return {
    get pid() {
      return lambda.child.pid;
    },
    async invoke(event) {
      const id = randomUUID();
      const answered = new Promise<InvocationAnswer>((resolve) => waiting.set(id, resolve));
      lambda.child.send({ id, event }, (error) => {
        if (error !== null) settle({ id, error: error.message });
      });
      const answer = await answered;
      if ('error' in answer) throw new Error(`the copy handler failed: ${answer.error}`);
      return answer.response ?? { batchItemFailures: [] };
    },
    stop: () => lambda.stop(),
  };
}
