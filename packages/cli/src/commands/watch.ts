import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { durationOption, flag } from '../command-line/option.ts';
import { EXIT_CODES } from '../errors.ts';
import { resourceOptions } from '../pipeline/resource-names.ts';
import { resultView, resultViewLine } from '../pipeline/result-view.ts';
import { type PipelineSnapshot, watchPipeline } from '../pipeline/watch-pipeline.ts';
import { explainAwsError, type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import { fitText, formatCount, formatMoment, wrapItems } from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq watch`. */
export const watchCommand: Command = defineCommand({
  description:
    'In a terminal: a view that is redrawn continually. In a pipe: a line for each change, with --json as JSON. A look reads ' +
    'what is new in the table’s index; reading takes at most a fifth of the time. Ctrl-C ends it.',
  options: {
    interval: durationOption('how often to look', '1s'),
    once: flag('look once, then end'),
    untilIdle: flag('end when no job waits and none is in flight'),
    ...resourceOptions('resultsTable', 'jobsQueueUrl', 'deadLetterQueueUrl'),
  },
  examples: [
    { line: 'wordfreq watch', summary: 'what is waiting, what is done, and the latest results' },
    { line: 'wordfreq backfill && wordfreq watch --until-idle', summary: 'stay until all is counted' },
    {
      line: 'wordfreq watch --json | jq -c "select(.type == \\"result\\")"',
      summary: 'each new result, for a program',
    },
  ],
  async run(_, options, context) {
    return runWatch(options, context);
  },
});

/** The options of `wordfreq watch`. */
interface RunWatchOptions extends OpenCloudOptions {
  /** Milliseconds. */
  readonly interval: number;
  readonly once: boolean;
  readonly untilIdle: boolean;
  readonly json: boolean;
}

/** How many results the view holds: with the rest it fits into 24 lines. */
const LATEST = 12;
const TOP = 10;

/**
 * `wordfreq watch`: shows the pipeline as it works. Returns the exit code; Ctrl-C is the ordinary end.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if AWS refuses
 */
async function runWatch(
  options: RunWatchOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  await withCloud(options, environment, async (cloud) => {
    const { names } = cloud;
    const jobs = options.untilIdle ? names.get('jobsQueueUrl') : names.find('jobsQueueUrl');
    const deadLetters = names.find('deadLetterQueueUrl');
    const show = viewFor(options, terminal);
    let problem = '';
    const snapshots = watchPipeline({
      results: cloud.results,
      words: options.json,
      jobs: jobs === undefined ? undefined : cloud.queue(jobs),
      deadLetters: deadLetters === undefined ? undefined : cloud.queue(deadLetters),
      intervalMs: options.interval,
      keep: LATEST,
      clock: systemClock,
      signal,
      onProblem(error) {
        const found = explainAwsError(error)?.message ?? error.message;
        // Reported once, however often the next looks fail in the same way.
        if (found !== problem) terminal.note(`wordfreq: ${escapeText(found)}; looking again`);
        problem = found;
      },
    });
    for await (const snapshot of snapshots) {
      show(snapshot);
      problem = '';
      const isIdle = snapshot.queued === 0 && snapshot.inFlight === 0;
      if (options.once || (options.untilIdle && isIdle)) return;
    }
  });
  return EXIT_CODES.ok;
}

function viewFor({ json, once }: RunWatchOptions, terminal: Terminal): (snapshot: PipelineSnapshot) => void {
  if (json) return jsonView(terminal);
  return terminal.redraws ? liveView(terminal, once) : lineView(terminal);
}

/** What changed, as a program reads it; the names are public contract. */
function jsonView(terminal: Terminal): (snapshot: PipelineSnapshot) => void {
  let last = '';
  return ({ at, queued, inFlight, deadLetters, done, failed, fresh }) => {
    for (const result of fresh) {
      terminal.line(JSON.stringify({ type: 'result', ...resultView(result, TOP) }));
    }
    const counts = { queued, inFlight, done, failed, deadLetters };
    const text = JSON.stringify(counts);
    if (text === last) return;
    last = text;
    terminal.line(JSON.stringify({ type: 'counts', at: at.toISOString(), ...counts }));
  };
}

/** What changed, one line each. */
function lineView(terminal: Terminal): (snapshot: PipelineSnapshot) => void {
  let last = '';
  return (snapshot) => {
    for (const result of snapshot.fresh) terminal.line(resultViewLine(resultView(result, 0), terminal));
    const counts = countsOf(snapshot).join('  ');
    if (counts !== last) terminal.line(counts);
    last = counts;
  };
}

/** Redraws the same part of the screen. */
function liveView(terminal: Terminal, once: boolean): (snapshot: PipelineSnapshot) => void {
  return (snapshot) => {
    terminal.redraw([
      ...wrapItems(countsOf(snapshot), terminal.columns).map(terminal.strong),
      '',
      ...snapshot.latest.map((result) => resultViewLine(resultView(result, 0), terminal)),
      ...(snapshot.latest.length === 0 ? ['No results yet.'] : []),
      '',
      terminal.faint(
        fitText(
          `${formatMoment(snapshot.at.toISOString())}${once ? '' : '  Ctrl-C ends this.'}`,
          terminal.columns,
        ),
      ),
    ]);
  };
}

function countsOf({ queued, inFlight, done, failed, deadLetters }: PipelineSnapshot): readonly string[] {
  const count = (what: string, number: number | undefined): string[] =>
    number === undefined ? [] : [`${what} ${formatCount(number)}`];
  return [
    ...count('queued', queued),
    ...count('in flight', inFlight),
    ...count('done', done),
    ...count('failed', failed),
    ...count('dead letters', deadLetters),
  ];
}
