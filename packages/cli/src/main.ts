#!/usr/bin/env node
import { CommanderError } from 'commander';
import { EXIT_CODES } from './errors/cli-error.ts';
import { describeError } from './errors/describe-error.ts';
import { createProgram } from './program.ts';
import { processTerminal } from './render/terminal.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time means it: leave at once, as a shell reports it.
    if (stop.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
    stop.abort();
  });
}
// `| head` closes the pipe early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_CODES.ok);
  throw error;
});

const terminal = processTerminal();
const program = createProgram({ terminal, signal: stop.signal, stdin: process.stdin }, (code) => {
  process.exitCode = code;
});
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  } else {
    const report = describeError(error, { debug: program.opts()['debug'] === true });
    for (const line of report.lines) terminal.note(line);
    process.exitCode = report.exitCode;
  }
}
