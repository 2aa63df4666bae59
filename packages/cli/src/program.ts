import { fs } from './builtin-modules.ts';
import { COMMON_OPTIONS, type CommandContext } from './command-line/command.ts';
import { commandHelp, programHelp } from './command-line/help-text.ts';
import { flagsOf } from './command-line/option.ts';
import { parseCommandLine } from './command-line/parse-command-line.ts';
import { COMMANDS } from './commands.ts';
import { EXIT_CODES, noteError } from './errors.ts';
import { standardInput, standardOutput } from './terminal/standard-streams.ts';
import { type Language, processTerminal } from './terminal/terminal.ts';

/**
 * Does what a command line asks for: runs a command, or shows help or the version. Returns the exit code.
 *
 * @throws UsageError; what the command throws
 */
export async function runCommandLine(args: readonly string[], context: CommandContext): Promise<number> {
  const { terminal } = context;
  const parsed = await parseCommandLine(args, COMMANDS);
  if (parsed.asks === 'run') {
    const { command, args: given, options } = parsed;
    const printing = { ...context, terminal: terminal.in(languageOf(options)) };
    return (await command.run?.(given, options as never, printing)) ?? EXIT_CODES.fault;
  }
  if (parsed.asks === 'version') terminal.line(context.version());
  else {
    const { about } = parsed;
    const { columns } = terminal;
    await terminal.write(about === undefined ? programHelp(COMMANDS, columns) : commandHelp(about, columns));
  }
  return EXIT_CODES.ok;
}

/** Runs the process's own command line, and sets its exit code. */
export async function runProcess(): Promise<void> {
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
    flagsOf(name, COMMON_OPTIONS[name]).some((flag) => args.includes(flag));
  const output = standardOutput({
    // `| head` closes the pipe early; that is not an error.
    closed: () => process.exit(EXIT_CODES.ok),
    failed: (error) => process.exit(endWith(error)),
  });
  const terminal = processTerminal(output, { color: !isGiven('color') });

  try {
    process.exitCode = await runCommandLine(args, {
      terminal,
      signal: stop.signal,
      stdin: standardInput(stop.signal),
      environment: process.env,
      version: packageVersion,
    });
  } catch (error) {
    process.exitCode = endWith(error);
  }

  function endWith(error: unknown): number {
    const isAbort = error === stop.signal.reason || (error as Error).name === 'AbortError';
    if (stoppedWith !== undefined && isAbort) return stoppedWith;
    return noteError(error, { debug: isGiven('debug'), json: isGiven('json') }, terminal.note);
  }
}

/** This package's version, from the manifest beside `src` and `dist`. */
function packageVersion(): string {
  const manifest = fs.readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

/** What a command prints with these options. */
function languageOf({ json, format }: Readonly<Record<string, unknown>>): Language {
  return json === true || format === 'json' || format === 'ndjson' ? 'json' : 'text';
}
