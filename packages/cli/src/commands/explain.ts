import type { QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { type CostView, costView, type EncodingProblem, escapeText } from '@org/wordfreq-aws-adapters/rules';
import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { wholeNumber } from '../command-line/option.ts';
import { EXIT_CODES } from '../errors.ts';
import type { DeadLetterView } from '../pipeline/dead-letters/dead-letters.ts';
import type { Explanation } from '../pipeline/objects/explain-object.ts';
import type { TracedVersion, VersionStatus } from '../pipeline/objects/object-status.ts';
import {
  bucketOfCopiedUploads,
  bucketOption,
  objectArgument,
  resourceNames,
  resourceOptions,
} from '../pipeline/resource-names.ts';
import {
  type CommandHelp,
  costText,
  encodingProblemOf,
  helpOfOutcome,
  otherWarnings,
  wrapText,
} from '../pipeline/result-view.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';
import {
  formatBytes,
  formatCount,
  formatNumberOf,
  formatSeconds,
  formatWarning,
} from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** `wordfreq explain`. */
export const explainCommand: Command = defineCommand({
  description:
    'Looks everywhere an object may be: uploads, the bucket that the workers read, the table of results, the queues and, ' +
    'unless it succeeded, the dead letters (which counts as receiving them once). Only the bucket and the table must be named.',
  arguments: [{ name: 'key', summary: 'a key, or s3://bucket/key' }],
  options: {
    bucket: bucketOption('processingBucket'),
    ...resourceOptions(
      'uploadingBucket',
      'resultsTable',
      'jobsQueueUrl',
      'deadLetterQueueUrl',
      'uploadsQueueUrl',
      'uploadsDeadLetterQueueUrl',
    ),
    deadLetters: wholeNumber('number', 'how many dead letters to search; 0 for none', {
      min: 0,
      max: 10_000,
      default: 1000,
    }),
  },
  examples: [
    { line: 'wordfreq explain book.txt', summary: 'what happened to a file, and what to do about it' },
    { line: 'wordfreq explain s3://my-texts/a/b.txt --json', summary: 'the same for a program' },
  ],
  failure: 'nothing is known of the key',
  run: ([key = ''], options, context) => runExplain(key, options, context),
});

/** The options of `wordfreq explain`. */
interface RunExplainOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly deadLetters: number;
  readonly json: boolean;
}

/**
 * `wordfreq explain`: says what happened to an object. Returns the exit code.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if AWS refuses
 */
async function runExplain(
  argument: string,
  options: RunExplainOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const { key, bucket } = objectArgument(argument);
  const copied = bucketOfCopiedUploads(
    resourceNames({ ...options, processingBucket: options.bucket }, environment),
  );
  // An address in the bucket whose uploads are copied means the same key in the other bucket.
  const processingBucket = bucket === undefined || bucket === copied ? options.bucket : bucket;
  const explanation = await withCloud(
    { ...options, processingBucket },
    environment,
    async (cloud) => {
      const { explainObject } = await import('../pipeline/objects/explain-object.ts');
      return explainObject(cloud, { key, maxDeadLetters: options.deadLetters });
    },
    { processingBucket: '--bucket' },
  );
  signal.throwIfAborted();
  const view = explanationView(explanation);
  if (options.json) terminal.line(JSON.stringify(view, undefined, 2));
  else printExplanation(view, terminal);
  return view.state === 'unknown' ? EXIT_CODES.failed : EXIT_CODES.ok;
}

/** An object in a bucket. */
interface PlaceView {
  readonly bucket: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly lastModified: string;
  /** Where it was copied from. */
  readonly source?: TracedVersion['source'];
}

type Converted =
  | 'versionId'
  | 'eTag'
  | 'totals'
  | 'lastModified'
  | 'finishedAt'
  | 'publishedAt'
  | 'lastFailedAt'
  | 'cost';

/** One version and its status. */
interface VersionView extends Omit<VersionStatus, Converted>, Partial<CommandHelp> {
  readonly encodingProblem?: EncodingProblem;
  readonly words?: number;
  readonly distinctWords?: number;
  readonly cost?: CostView;
  readonly lastModified?: string;
  readonly finishedAt?: string;
  readonly publishedAt?: string;
  readonly lastFailedAt?: string;
}

/** What `wordfreq explain --json` prints; the names are public contract. `null` stands for "is not there". */
export interface ExplanationView {
  readonly key: string;
  readonly state: string;
  readonly meaning: string;
  readonly hint: string | null;
  readonly upload: PlaceView | null;
  readonly copy: PlaceView | null;
  readonly versions: readonly VersionView[];
  readonly deadLetters: readonly DeadLetterView[];
  readonly queues: { readonly jobs: QueueDepth | null; readonly uploads: QueueDepth | null };
  readonly notRead: readonly string[];
}

/** Turns an explanation into what is printed. */
function explanationView(explanation: Explanation): ExplanationView {
  const { key, status, upload, copy, versions, deadLetters, jobs, uploads, notRead } = explanation;
  return {
    key,
    state: status.state,
    meaning: status.meaning,
    hint: status.hint ?? null,
    upload: upload === undefined ? null : placeView(explanation.uploadingBucket ?? '', upload),
    copy: copy === undefined ? null : placeView(explanation.processingBucket, copy),
    versions: versions.map(versionView),
    deadLetters,
    queues: { jobs: jobs ?? null, uploads: uploads ?? null },
    notRead,
  };
}

function placeView(bucket: string, stored: TracedVersion): PlaceView {
  const { versionId, eTag, sizeBytes, lastModified, source } = stored;
  return {
    bucket,
    version: versionId ?? eTag ?? '',
    sizeBytes,
    lastModified: lastModified.toISOString(),
    ...(source === undefined ? {} : { source }),
  };
}

function versionView(known: VersionStatus): VersionView {
  const {
    versionId: _,
    eTag: __,
    lastModified,
    finishedAt,
    publishedAt,
    lastFailedAt,
    totals,
    cost,
    ...rest
  } = known;
  const dates = { lastModified, finishedAt, publishedAt, lastFailedAt };
  const problem = encodingProblemOf({ warnings: [], ...rest });
  return {
    ...rest,
    ...(problem === undefined ? {} : { encodingProblem: problem }),
    ...(totals === undefined ? {} : { words: totals.words, distinctWords: totals.distinctWords }),
    ...(cost === undefined ? {} : { cost: costView(cost) }),
    ...(rest.outcome === undefined ? {} : helpOfOutcome(rest.outcome)),
    ...Object.fromEntries(
      Object.entries(dates).flatMap(([name, date]) =>
        date === undefined ? [] : [[name, date.toISOString()]],
      ),
    ),
  };
}

/** Prints the state first, then everything that it is based on. */
function printExplanation(view: ExplanationView, terminal: Terminal): void {
  const paragraph = (text: string, indent: number, hanging = 0): void => {
    const lines = wrapText(text, terminal.columns - indent - hanging);
    for (const [index, line] of lines.entries()) {
      terminal.line(' '.repeat(indent + (index === 0 ? 0 : hanging)) + line);
    }
  };
  const section = (title: string, texts: readonly string[]): void => {
    if (texts.length === 0) return;
    terminal.line();
    terminal.line(terminal.strong(title));
    for (const text of texts) paragraph(text, 2, 4);
  };
  terminal.line(terminal.strong(escapeText(view.key)));
  terminal.line(`  ${paintOf(view, terminal)(escapeText(view.state))}`);
  paragraph(view.meaning, 2);
  if (view.hint !== null) paragraph(view.hint, 2);
  section('Where it is', [
    ...(view.upload === null ? [] : [`upload  ${placeLine(view.upload)}`]),
    ...(view.copy === null ? [] : [`${view.upload === null ? 'object' : 'copy  '}  ${placeLine(view.copy)}`]),
  ]);
  section(
    `Versions (${view.versions.length})`,
    view.versions.flatMap((version) => versionLines(version, view.meaning)),
  );
  section(
    `Dead letters (${view.deadLetters.length})`,
    view.deadLetters.map(
      ({ queue, id, code, detail, at }) => `${queue} ${id} ${at ?? ''} ${code}: ${detail}`,
    ),
  );
  section('Queues, approximately', queueLines(view.queues));
  section('Not looked at', view.notRead);
}

function paintOf({ state, versions }: ExplanationView, terminal: Terminal): (text: string) => string {
  if (/^(failed:|dead-letter|unknown|unannounced)/.test(state)) return terminal.bad;
  const now = versions.find(({ current }) => current);
  return now?.encodingProblem === undefined ? terminal.good : terminal.doubtful;
}

function placeLine({ bucket, version, sizeBytes, lastModified }: PlaceView): string {
  return `s3://${bucket}, ${formatBytes(sizeBytes)}, ${lastModified}, version ${version}`;
}

/** Does not repeat what the meaning of the whole object, `said`, already says. */
function versionLines(view: VersionView, said: string): readonly string[] {
  const facts = [
    view.outcome ??
      (view.failures === undefined ? 'no outcome' : `failed ${formatNumberOf(view.failures, 'time')} so far`),
    ...(view.words === undefined ? [] : [formatNumberOf(view.words, 'word')]),
    ...(view.durationMs === undefined ? [] : [formatSeconds(view.durationMs)]),
    ...(view.attempt === undefined ? [] : [`attempt ${view.attempt}`]),
    ...(view.worker === undefined ? [] : [`by ${view.worker}`]),
    ...(view.finishedAt === undefined ? [] : [`at ${view.finishedAt}`]),
    view.current ? 'current' : view.stored ? 'older' : 'no longer stored',
  ];
  const error = view.error ?? view.lastError;
  const problem = view.encodingProblem;
  const noticed = otherWarnings(view).map(formatWarning).join(', ');
  return [
    `${view.version}  ${facts.join(', ')}`,
    ...(error === undefined || error.message === said ? [] : [`${error.code}: ${error.message}`]),
    ...(problem === undefined || problem.message === said ? [] : [problem.message]),
    ...(noticed === '' ? [] : [noticed]),
    ...(view.cost === undefined ? [] : [costText(view.cost)]),
  ];
}

function queueLines({ jobs, uploads }: ExplanationView['queues']): readonly string[] {
  const line = (name: string, depth: QueueDepth | null): string[] =>
    depth === null
      ? []
      : [
          `${name}  ${formatCount(depth.visible + depth.delayed)} wait, ${formatCount(depth.inFlight)} in flight`,
        ];
  return [...line('uploads', uploads), ...line('jobs   ', jobs)];
}
