import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { judgesProgram } from './python.ts';

/** boto3, the AWS SDK for Python, called from here. */
export interface Boto3 {
  /**
   * Calls an operation of a service by the names that boto3 has for them; bytes go in and come back as
   * `Buffer`.
   *
   * @throws Boto3Error with the service's error code
   */
  call<Result = Record<string, unknown>>(
    service: string,
    operation: string,
    parameters?: Readonly<Record<string, unknown>>,
  ): Promise<Result>;
  stop(): Promise<void>;
}

/** A call that the service or botocore refused. */
export class Boto3Error extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

/**
 * Starts Python with boto3 in it; endpoint, region and credentials come from the environment, as in any
 * program.
 */
export function startBoto3(environment: Readonly<Record<string, string | undefined>>): Boto3 {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    judgesProgram('python'),
    [join(import.meta.dirname, 'boto3_bridge.py')],
    { env: { PATH: process.env['PATH'], ...environment }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const waiting = new Map<number, (reply: Reply) => void>();
  const settle = (reply: Reply): void => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  };
  createInterface({ input: child.stdout }).on('line', (line) => settle(JSON.parse(line, reviveBytes)));
  child.on('exit', () => {
    for (const id of waiting.keys()) settle({ id, error: 'Ended', message: 'Python with boto3 has ended' });
  });
  let calls = 0;
  return {
    async call<Result>(service: string, operation: string, parameters = {}) {
      calls += 1;
      const id = calls;
      const replied = new Promise<Reply>((resolve) => waiting.set(id, resolve));
      child.stdin.write(`${JSON.stringify({ id, service, operation, parameters }, replaceBytes)}\n`);
      const { result, error, message = '' } = await replied;
      if (error !== undefined) throw new Boto3Error(error, message);
      return result as Result;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

/** `Buffer.toJSON` has run when a replacer is called. */
function replaceBytes(_: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
  return type === 'Buffer' && Array.isArray(data) ? { $bytes: Buffer.from(data).toString('base64') } : value;
}

function reviveBytes(_: string, value: unknown): unknown {
  const { $bytes } = (value ?? {}) as { $bytes?: unknown };
  return typeof $bytes === 'string' ? Buffer.from($bytes, 'base64') : value;
}
