import type { QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import { formatBytes, formatCount, formatSeconds } from '../render/format-number.ts';
import { harmlessText } from '../render/harmless-text.ts';
import type { Terminal } from '../render/terminal.ts';
import type { DeadLetterView } from './dead-letter-view.ts';
import type { Explanation } from './explain-object.ts';
import type { VersionFate } from './object-fate.ts';
import { outcomeAdvice } from './outcome-advice.ts';
import { wrapText } from './print-result-view.ts';
import type { StoredVersion } from './stored-versions.ts';

/** An object in a bucket. */
export interface PlaceView {
  readonly bucket: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly lastModified: string;
  /** Where it was copied from. */
  readonly source?: StoredVersion['source'];
}

/** One version and its fate. */
export interface VersionView {
  readonly version: string;
  readonly stored: boolean;
  readonly current: boolean;
  readonly sizeBytes?: number;
  readonly lastModified?: string;
  readonly jobId?: string;
  readonly outcome?: string;
  readonly meaning?: string;
  readonly cure?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly words?: number;
  readonly distinctWords?: number;
  readonly tokenizer?: string;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly worker?: string;
  readonly finishedAt?: string;
  readonly publishedAt?: string;
  /** Tries that failed in ways that may pass. */
  readonly failures?: number;
  readonly lastError?: { readonly code: string; readonly message: string };
  readonly lastFailedAt?: string;
}

/** What `wordfreq explain --json` prints; the names are public contract. `null` stands for "is not there". */
export interface ExplanationView {
  readonly key: string;
  readonly state: string;
  readonly meaning: string;
  readonly cure: string | null;
  readonly upload: PlaceView | null;
  readonly copy: PlaceView | null;
  readonly versions: readonly VersionView[];
  readonly deadLetters: readonly DeadLetterView[];
  readonly queues: { readonly jobs: QueueDepth | null; readonly uploads: QueueDepth | null };
  readonly notRead: readonly string[];
}

/** Turns an explanation into what is printed. */
export function explanationView(explanation: Explanation): ExplanationView {
  const { key, fate, upload, copy, versions, deadLetters, jobs, uploads, notRead } = explanation;
  return {
    key,
    state: fate.state,
    meaning: fate.meaning,
    cure: fate.cure ?? null,
    upload: upload === undefined ? null : placeView(explanation.uploadingBucket ?? '', upload),
    copy: copy === undefined ? null : placeView(explanation.processingBucket, copy),
    versions: versions.map(versionView),
    deadLetters,
    queues: { jobs: jobs ?? null, uploads: uploads ?? null },
    notRead,
  };
}

function placeView(bucket: string, stored: StoredVersion): PlaceView {
  const { versionId, eTag, sizeBytes, lastModified, source } = stored;
  return {
    bucket,
    version: versionId ?? eTag ?? '',
    sizeBytes,
    lastModified: lastModified.toISOString(),
    ...(source === undefined ? {} : { source }),
  };
}

function versionView(fate: VersionFate): VersionView {
  const {
    versionId: _,
    eTag: __,
    lastModified,
    finishedAt,
    publishedAt,
    lastFailedAt,
    totals,
    ...rest
  } = fate;
  const dates = { lastModified, finishedAt, publishedAt, lastFailedAt };
  return {
    ...rest,
    ...(totals === undefined ? {} : { words: totals.words, distinctWords: totals.distinctWords }),
    ...(rest.outcome === undefined ? {} : outcomeAdvice(rest.outcome)),
    ...Object.fromEntries(
      Object.entries(dates).flatMap(([name, date]) =>
        date === undefined ? [] : [[name, date.toISOString()]],
      ),
    ),
  };
}

/** Prints the verdict first, then everything that it rests on. */
export function printExplanation(view: ExplanationView, terminal: Terminal): void {
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
  terminal.line(terminal.strong(harmlessText(view.key)));
  const paint = /^(failed:|dead-letter|unknown|unannounced)/.test(view.state) ? terminal.bad : terminal.good;
  terminal.line(`  ${paint(harmlessText(view.state))}`);
  paragraph(view.meaning, 2);
  if (view.cure !== null) paragraph(view.cure, 2);
  section('Where it is', [
    ...(view.upload === null ? [] : [`upload  ${placeLine(view.upload)}`]),
    ...(view.copy === null ? [] : [`copy    ${placeLine(view.copy)}`]),
  ]);
  section(`Versions (${view.versions.length})`, view.versions.flatMap(versionLines));
  section(
    `Dead letters (${view.deadLetters.length})`,
    view.deadLetters.map(
      ({ queue, id, code, detail, at }) => `${queue} ${id} ${at ?? ''} ${code}: ${detail}`,
    ),
  );
  section('Queues, approximately', queueLines(view.queues));
  section('Not looked at', view.notRead);
}

function placeLine({ bucket, version, sizeBytes, lastModified }: PlaceView): string {
  return `s3://${bucket}, ${formatBytes(sizeBytes)}, ${lastModified}, version ${version}`;
}

function versionLines(view: VersionView): readonly string[] {
  const facts = [
    view.outcome ?? (view.failures === undefined ? 'no outcome' : `failed ${view.failures} times so far`),
    ...(view.words === undefined ? [] : [`${formatCount(view.words)} words`]),
    ...(view.durationMs === undefined ? [] : [formatSeconds(view.durationMs)]),
    ...(view.attempt === undefined ? [] : [`attempt ${view.attempt}`]),
    ...(view.worker === undefined ? [] : [`by ${view.worker}`]),
    ...(view.finishedAt === undefined ? [] : [`at ${view.finishedAt}`]),
    ...(view.outcome !== undefined && view.publishedAt === undefined ? ['not told to anybody yet'] : []),
    view.current ? 'current' : view.stored ? 'older' : 'no longer stored',
  ];
  const error = view.error ?? view.lastError;
  return [
    `${view.version}  ${facts.join(', ')}`,
    ...(error === undefined ? [] : [`${error.code}: ${error.message}`]),
  ];
}

function queueLines({ jobs, uploads }: ExplanationView['queues']): readonly string[] {
  const line = (name: string, depth: QueueDepth | null): string[] =>
    depth === null
      ? []
      : [
          `${name}  ${formatCount(depth.visible + depth.delayed)} wait, ${formatCount(depth.inFlight)} in hand`,
        ];
  return [...line('uploads', uploads), ...line('jobs   ', jobs)];
}
