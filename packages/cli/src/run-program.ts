import { COMMON_OPTIONS } from './command-line/common-options.ts';
import { flagOf } from './command-line/option.ts';
import { describeError, errorJson, errorLines } from './errors/describe-error.ts';
import { EXIT_CODES } from './errors/exit-codes.ts';
import { runCommandLine } from './program.ts';
import { standardOutput } from './render/standard-output.ts';
import { processTerminal } from './render/terminal.ts';
import { standardInput } from './standard-input.ts';

const stop = new AbortController();
const SIGNALS = { SIGINT: EXIT_CODES.interrupted, SIGTERM: EXIT_CODES.terminated } as const;
let stoppedWith: number | undefined;
for (const [signal, exitCode] of Object.entries(SIGNALS)) {
  process.on(signal, () => {
    // The second time means it: leave at once.
    if (stop.signal.aborted) process.exit(exitCode);
    stoppedWith = exitCode;
    stop.abort();
  });
}

const args = process.argv.slice(2);
/** Before the command line is parsed, for errors in it. */
const isGiven = (name: keyof typeof COMMON_OPTIONS): boolean =>
  args.includes(flagOf(name, COMMON_OPTIONS[name]));
// `| head` closes the pipe early; that is no fault.
const output = standardOutput(() => process.exit(EXIT_CODES.ok));
const terminal = processTerminal(output, { color: !isGiven('color') });

try {
  process.exitCode = await runCommandLine(args, terminal, async ({ run }, given, options) => {
    const context = {
      terminal,
      signal: stop.signal,
      stdin: standardInput(stop.signal),
      environment: process.env,
    };
    return (await run?.(given, options as never, context)) ?? EXIT_CODES.fault;
  });
} catch (error) {
  process.exitCode = endWith(error);
}

function endWith(error: unknown): number {
  const isAbort = error === stop.signal.reason || (error as Error).name === 'AbortError';
  if (stoppedWith !== undefined && isAbort) return stoppedWith;
  const report = describeError(error, { debug: isGiven('debug') });
  if (isGiven('json')) terminal.note(errorJson(report));
  else for (const line of errorLines(report)) terminal.note(line);
  return report.exitCode;
}
