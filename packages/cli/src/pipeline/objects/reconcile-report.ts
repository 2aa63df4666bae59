import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { formatBytes, formatCount, formatNumberOf } from '../../terminal/format.ts';
import type { Terminal } from '../../terminal/terminal.ts';
import type { BucketTally, MissingObject, ReconcileStep } from './reconcile-bucket.ts';

/** What does not fit together. */
export type Discrepancy =
  /** Neither done nor given up. */
  | ({ readonly kind: 'missing'; readonly lacks: ReconcileStep['lacks'] } & MissingObject)
  /** A key with results whose object is gone. */
  | { readonly kind: 'orphan'; readonly bucket: string; readonly key: string };

/** What `--json` prints for each finding; the names are public contract. */
export function discrepancyView(found: Discrepancy): Readonly<Record<string, unknown>> {
  if (found.kind === 'orphan') return found;
  const { bucket, key, eTag, sizeBytes, lastModified: at } = found.object;
  const { kind, lacks, enqueued, failures: tried } = found;
  return { kind, lacks, bucket, key, eTag, sizeBytes, lastModified: at.toISOString(), tried, enqueued };
}

/** What `--json` prints after the findings of a bucket; the names are public contract. */
export interface ReconcileSummary {
  readonly kind: 'summary';
  readonly bucket: string;
  readonly objects: number;
  readonly missing: number;
  readonly enqueued: number;
  readonly deadLetters: number;
  readonly young: number;
  /** Of uploads that are copied: those with a copy. */
  readonly copied?: number;
  /** Of uploads: those whose keys are not those of texts. */
  readonly otherFiles?: number;
  /** Of what the workers read. */
  readonly withOutcome?: number;
  readonly orphans?: number;
}

/** The summary of one bucket. */
export function summaryOf(
  { lacks, bucket }: ReconcileStep,
  tally: BucketTally,
  orphans: number,
): ReconcileSummary {
  const { objects, done, ignored, deadLetters, missing, enqueued, young } = tally;
  const others = ignored === 0 ? {} : { otherFiles: ignored };
  const more =
    lacks === 'copy' ? { copied: done, otherFiles: ignored } : { withOutcome: done, orphans, ...others };
  return { kind: 'summary', bucket, objects, ...more, deadLetters, missing, enqueued, young };
}

/** A finding for people. */
export function discrepancyLine(found: Discrepancy, terminal: Terminal): string {
  if (found.kind === 'orphan') return `orphan   ${escapeText(found.key)}  has results, but no object`;
  const { key, sizeBytes, lastModified } = found.object;
  const notes = [
    ...(found.lacks === 'copy' ? ['not copied'] : []),
    formatBytes(sizeBytes),
    lastModified.toISOString(),
    ...(found.failures === 0 ? [] : [`failed ${formatNumberOf(found.failures, 'time')} so far`]),
    ...(found.enqueued ? ['enqueued'] : []),
  ];
  return `${terminal.bad('missing')}  ${escapeText(key)}  ${terminal.faint(notes.join(', '))}`;
}

/** The summary for people. */
export function summaryLines({ bucket, lacks }: ReconcileStep, summary: ReconcileSummary): readonly string[] {
  const { objects, copied = 0, otherFiles = 0, withOutcome = 0, deadLetters, missing, young } = summary;
  const { enqueued, orphans = 0 } = summary;
  const parts: [number, string][] = [
    [copied, 'copied'],
    [otherFiles, 'other than .txt'],
    [withOutcome, 'with an outcome'],
    [deadLetters, 'among the dead letters'],
    [young, 'too young to tell'],
    [missing, enqueued > 0 ? 'missing, now in the queue' : 'missing'],
  ];
  const shown = parts.filter(([count], index) => count > 0 || index === parts.length - 1);
  const what = lacks === 'copy' ? 'upload' : 'object';
  const counts = shown.map(([count, name]) => `${formatCount(count)} ${name}`).join(', ');
  return [
    `${bucket}: ${formatNumberOf(objects, what)}: ${counts}`,
    ...(orphans === 0 ? [] : [`${formatNumberOf(orphans, 'key')} with results, but no object`]),
  ];
}
