import type {
  Clock,
  CodedError,
  JobResult,
  ObjectInfo,
  ObjectReader,
  Outcome,
  PortErrorCode,
} from '@org/wordfreq-aws-adapters/ports';
import { fingerprintOptions, type Tokenizer, WordCounter, type WordCounts } from '@org/wordfreq-core';
import { type Job, jobIdOf } from './job.ts';
import { JobError } from './job-error.ts';
import { requireText } from './require-text.ts';

/** What to count, and within which bounds. */
export interface CountingPolicy {
  readonly tokenizer: Tokenizer;
  /** How many words a result holds. */
  readonly topWords: number;
  /** Only objects of these buckets are read; the message is not to be trusted. */
  readonly allowedBuckets: ReadonlySet<string>;
  /** Only keys that end so are counted; others are skipped. */
  readonly keySuffix: string;
  readonly maxObjectBytes: number;
  /** Named in each result. */
  readonly workerName: string;
}

/** What the use case needs. */
export interface ProcessJobDependencies {
  readonly objects: ObjectReader;
  readonly clock: Clock;
  readonly policy: CountingPolicy;
}

/**
 * Counts one object version: guards, opens exactly that version, streams it through the counter, and makes the result. Nothing is
 * written here; see `commit-result.ts`.
 *
 * @throws JobError `bucket-not-allowed`, `object-too-large`, `not-text`; and what {@link ObjectReader.read} throws, except `not-found`
 *   and `changed`, which are outcomes
 */
export async function processJob(
  job: Job,
  dependencies: ProcessJobDependencies,
  signal: AbortSignal,
): Promise<JobResult> {
  const { clock, policy, objects } = dependencies;
  const started = clock.monotonicMs();
  const finish = (outcome: Outcome, found?: { info: ObjectInfo; counts: WordCounts }): JobResult =>
    makeResult(job, policy, outcome, {
      durationMs: clock.monotonicMs() - started,
      finishedAt: clock.now(),
      ...found,
    });

  const skipped = guard(job, policy);
  if (skipped !== undefined) return finish(skipped);
  try {
    const { info, bytes } = await objects.read(job.object, { signal });
    requireSize(info, policy);
    const counter = new WordCounter({ tokenizer: policy.tokenizer });
    for await (const chunk of bytes) counter.push(chunk);
    const counts = counter.finish();
    requireText(counts);
    return finish(counts.totalWords === 0 ? 'empty' : 'counted', { info, counts });
  } catch (error) {
    const outcome = OUTCOMES_OF_ABSENCE.get((error as Partial<CodedError>).code as PortErrorCode);
    if (outcome === undefined) throw error;
    return finish(outcome);
  }
}

/** What the store may say of a version that is there no more. The newer version, if any, comes with a job of its own. */
const OUTCOMES_OF_ABSENCE: ReadonlyMap<PortErrorCode, Outcome> = new Map<PortErrorCode, Outcome>([
  ['not-found', 'gone'],
  ['changed', 'skipped:overwritten'],
]);

/** Decides what needs no look at the object. */
function guard({ object }: Job, policy: CountingPolicy): Outcome | undefined {
  if (!policy.allowedBuckets.has(object.bucket)) {
    throw new JobError(
      'bucket-not-allowed',
      `Expected an object of ${[...policy.allowedBuckets].join(', ')}, got one of ${object.bucket}.` +
        ' Add the bucket to PROCESSING_BUCKET if the worker is to read it.',
    );
  }
  if (object.key.endsWith('/')) return 'skipped:folder-marker';
  if (!object.key.endsWith(policy.keySuffix)) return 'skipped:suffix';
  return undefined;
}

function requireSize(info: ObjectInfo, { maxObjectBytes }: CountingPolicy): void {
  if (info.sizeBytes <= maxObjectBytes) return;
  throw new JobError(
    'object-too-large',
    `Expected at most ${maxObjectBytes} bytes, got ${info.sizeBytes}. Raise MAX_OBJECT_BYTES or split the object.`,
  );
}

/** What is known at the end of a job. */
interface Findings {
  readonly durationMs: number;
  readonly finishedAt: Date;
  readonly info?: ObjectInfo;
  readonly counts?: WordCounts;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The result of a job that failed for good. */
export function failedResult(
  job: Job,
  { clock, policy }: Pick<ProcessJobDependencies, 'clock' | 'policy'>,
  error: { readonly code: string; readonly message: string },
): JobResult {
  return makeResult(job, policy, `failed:${error.code}`, { durationMs: 0, finishedAt: clock.now(), error });
}

function makeResult(job: Job, policy: CountingPolicy, outcome: Outcome, findings: Findings): JobResult {
  const { counts, info, error } = findings;
  const fingerprint = fingerprintOptions({ tokenizer: policy.tokenizer });
  return {
    schemaVersion: 1,
    jobId: jobIdOf(job.object, fingerprint),
    object: job.object,
    outcome,
    options: { fingerprint, tokenizer: policy.tokenizer, top: policy.topWords },
    words: counts?.top(policy.topWords) ?? [],
    totals: {
      bytes: counts?.totalBytes ?? 0,
      words: counts?.totalWords ?? 0,
      distinctWords: counts?.distinctWords ?? 0,
    },
    warnings: counts?.warnings ?? [],
    durationMs: Math.round(findings.durationMs * 1000) / 1000,
    attempt: job.attempt,
    worker: policy.workerName,
    finishedAt: findings.finishedAt,
    ...(error === undefined ? {} : { error }),
    ...(job.sequencer === undefined ? {} : { sequencer: job.sequencer }),
    ...(info === undefined ? {} : { lastModified: info.lastModified }),
  };
}
