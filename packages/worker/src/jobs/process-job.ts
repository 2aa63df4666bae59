import type {
  Clock,
  CodedError,
  JobResult,
  ObjectInfo,
  ObjectReader,
  Outcome,
  PortErrorCode,
} from '@org/wordfreq-aws-adapters/ports';
import { isTextKey, KIND_BYTES, versionOrder } from '@org/wordfreq-aws-adapters/rules';
import type { Counting, CountSummary, WordRules } from '../counting/counting.ts';
import { declaredEncoding } from '../counting/declared-encoding.ts';
import type { LargeTextTurns } from '../counting/large-texts.ts';
import { openText } from '../counting/open-text.ts';
import { requireText } from '../counting/require-text.ts';
import { type Job, jobIdOf } from './job.ts';
import { JobError } from './job-error.ts';

/** What to count, and within which bounds. */
export interface CountingPolicy extends WordRules {
  /** The encoding of objects whose content type declares none. Default: it is detected. */
  readonly encoding?: string | undefined;
  /** How many words a result holds. */
  readonly topWords: number;
  /** Only objects of these buckets are read; the message is not trusted. */
  readonly allowedBuckets: ReadonlySet<string>;
  /** Only keys that start with this are counted; others are skipped. Default: all. */
  readonly keyPrefix?: string;
  /**
   * Only keys that end with this, optionally followed by `.gz` or `.zst`, are counted; others are skipped.
   */
  readonly keySuffix: string;
  /** A text with more different words fails. Default: the core's limit. */
  readonly maxDistinctWords?: number;
  /** The largest object, and the largest text of a compressed object. */
  readonly maxObjectBytes: number;
  /** The name of the worker, which each result has. */
  readonly workerName: string;
}

/** What the use case needs. */
export interface ProcessJobDependencies {
  readonly objects: ObjectReader;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
  readonly counting: Counting;
  /** Default: any number of large texts at once. */
  readonly largeTexts?: LargeTextTurns;
  readonly policy: CountingPolicy;
}

/**
 * Counts one object version: guards, opens exactly that version, streams it through the counter, and makes
 * the result. Nothing is written here; see `commit-result.ts`.
 *
 * @param onOpened called with the job once its version is open, so that a later failure is about this version
 * as well
 * @throws JobError with any of its codes but `internal`; WordfreqError of the decoder and the counter; and
 * what {@link ObjectReader.read} throws, except `not-found` and `changed`, which are outcomes
 */
export async function processJob(
  job: Job,
  dependencies: ProcessJobDependencies,
  signal: AbortSignal,
  onOpened?: (pinned: Job) => void,
): Promise<JobResult> {
  const { clock, policy } = dependencies;
  const started = clock.monotonicMs();
  let pinned = job;
  const opened = (info: ObjectInfo): void => {
    pinned = pinnedJob(job, info);
    onOpened?.(pinned);
  };
  const finish = (outcome: Outcome, found: Counted | Record<string, never> = {}): JobResult =>
    makeResult(pinned, dependencies, outcome, {
      durationMs: clock.monotonicMs() - started,
      finishedAt: clock.now(),
      ...found,
    });

  const skipped = guard(job, policy);
  if (skipped !== undefined) return finish(skipped);
  try {
    const counted = await countObject(job, dependencies, signal, opened);
    return finish(counted.summary.totals.words === 0 ? 'empty' : 'counted', counted);
  } catch (error) {
    const outcome = OUTCOMES_OF_ABSENCE.get((error as Partial<CodedError>).code as PortErrorCode);
    if (outcome === undefined) throw error;
    return finish(outcome);
  }
}

/** An object that was counted. */
interface Counted {
  readonly info: ObjectInfo;
  readonly summary: CountSummary;
}

async function countObject(
  job: Job,
  dependencies: ProcessJobDependencies,
  signal: AbortSignal,
  onOpened: (info: ObjectInfo) => void,
): Promise<Counted> {
  // Waits before the object is opened, because a connection from which nobody reads would be closed.
  const done = await dependencies.largeTexts?.wait(job.sizeBytes, signal);
  try {
    return await countOpened(job, dependencies, signal, onOpened);
  } finally {
    done?.();
  }
}

async function countOpened(
  job: Job,
  { objects, counting, policy }: ProcessJobDependencies,
  signal: AbortSignal,
  onOpened: (info: ObjectInfo) => void,
): Promise<Counted> {
  const { info, bytes } = await objects.read(job.object, { signal });
  onOpened(info);
  const text = openText(info, bytes, { maxBytes: policy.maxObjectBytes });
  const { topWords: top, maxDistinctWords } = policy;
  const encoding = declaredEncoding(info.contentType) ?? policy.encoding;
  const session = counting.open({
    ...wordOptionsOf(policy),
    top,
    ...(maxDistinctWords === undefined ? {} : { maxDistinctWords }),
    ...(encoding === undefined ? {} : { encoding }),
  });
  try {
    let beginning: Uint8Array | undefined;
    for await (const chunk of text) {
      beginning ??= chunk.slice(0, KIND_BYTES);
      await session.push(chunk);
      signal.throwIfAborted();
    }
    const summary = await session.finish();
    requireText(summary, beginning);
    return { info, summary };
  } catch (error) {
    throw namingVariables(error, maxDistinctWords);
  } finally {
    session.abandon();
  }
}

/** The options that say what a word is: they are a part of a job's identity. */
function wordOptionsOf(policy: CountingPolicy): WordRules {
  const { tokenizer, normalize = 'none', cjk = 'word', dehyphenate = false, fold, locale } = policy;
  return {
    tokenizer,
    normalize,
    cjk,
    dehyphenate,
    ...(fold === undefined ? {} : { fold }),
    ...(locale === undefined ? {} : { locale }),
  };
}

/** The core's errors name its options; operators of a worker need the environment variables. */
function namingVariables(error: unknown, maxDistinctWords: number | undefined): unknown {
  if ((error as Partial<CodedError>).code !== 'too-many-distinct-words') return error;
  const limit = maxDistinctWords === undefined ? '' : ` (${maxDistinctWords})`;
  return new JobError(
    'too-many-distinct-words',
    `Expected no more different words than MAX_DISTINCT_WORDS${limit} allows and 4 GB of memory hold, got more.` +
      ' Raise MAX_DISTINCT_WORDS and give the worker about 90 bytes of memory for each, or split the object.',
    { cause: error },
  );
}

/**
 * The outcomes for a version that no longer exists, by the store's error. A newer version, if any, has a job
 * of its own.
 */
const OUTCOMES_OF_ABSENCE: ReadonlyMap<PortErrorCode, Outcome> = new Map<PortErrorCode, Outcome>([
  ['not-found', 'gone'],
  ['changed', 'skipped:overwritten'],
]);

/** Decides what can be decided without a request to the store. */
function guard({ object }: Job, policy: CountingPolicy): Outcome | undefined {
  if (!policy.allowedBuckets.has(object.bucket)) {
    throw new JobError(
      'bucket-not-allowed',
      `Expected an object of ${[...policy.allowedBuckets].join(', ')}, got one of ${object.bucket}.` +
        ' Add the bucket to PROCESSING_BUCKET if the worker is to read it.',
    );
  }
  if (object.key.endsWith('/')) return 'skipped:folder-marker';
  if (!object.key.startsWith(policy.keyPrefix ?? '')) return 'skipped:prefix';
  if (!isTextKey(object.key, policy.keySuffix)) return 'skipped:suffix';
  return undefined;
}

/** What is known at the end of a job. */
interface Findings {
  readonly durationMs: number;
  readonly finishedAt: Date;
  readonly info?: ObjectInfo;
  readonly summary?: CountSummary;
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * The result of a job that failed permanently. Its text was not counted, so its size is that of the object,
 * where that is known.
 */
export function failedResult(
  job: Job,
  dependencies: Pick<ProcessJobDependencies, 'clock' | 'counting' | 'policy'>,
  error: { readonly code: string; readonly message: string },
  durationMs = 0,
): JobResult {
  const summary = { ...NOTHING, totals: { ...NOTHING.totals, bytes: job.sizeBytes ?? 0 } };
  return makeResult(job, dependencies, `failed:${error.code}`, {
    durationMs,
    finishedAt: dependencies.clock.now(),
    error,
    summary,
  });
}

const NOTHING: CountSummary = {
  words: [],
  totals: { bytes: 0, words: 0, distinctWords: 0 },
  warnings: [],
  encoding: undefined,
};

function makeResult(
  job: Job,
  { counting, policy }: Pick<ProcessJobDependencies, 'counting' | 'policy'>,
  outcome: Outcome,
  findings: Findings,
): JobResult {
  const { summary = NOTHING, info, error } = findings;
  const { object, sequencer, createdAt } = job;
  const lastModified = info?.lastModified ?? createdAt;
  const { words, totals, warnings } = summary;
  const fingerprint = counting.fingerprint(wordOptionsOf(policy));
  return {
    schemaVersion: 1,
    jobId: jobIdOf(object, fingerprint),
    object,
    outcome,
    options: { fingerprint, tokenizer: policy.tokenizer, top: policy.topWords },
    words,
    totals,
    warnings,
    durationMs: Math.round(findings.durationMs * 1000) / 1000,
    attempt: job.attempt,
    worker: policy.workerName,
    finishedAt: findings.finishedAt,
    ...encodingOf(summary),
    ...(error === undefined ? {} : { error }),
    order: versionOrder({
      ...object,
      sequencer,
      lastModified: info?.lastModified,
      currentAt: createdAt ?? info?.lastModified ?? findings.finishedAt,
    }),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(lastModified === undefined ? {} : { lastModified }),
  };
}

/** A record names only an encoding that says something: most texts are UTF-8. */
function encodingOf({ encoding }: CountSummary): Pick<JobResult, 'encoding'> {
  if (encoding === undefined) return {};
  const { name, foundBy, likely } = encoding;
  if (name === 'utf-8' && likely === undefined) return {};
  return { encoding: { name, foundBy, ...(likely === undefined ? {} : { likely }) } };
}

/**
 * The job of the version that was opened. Its announcement may name no version, or only its ETag although the
 * bucket is versioned (some stores and tools provide no more). Its id must be the same whatever announced it.
 */
function pinnedJob(job: Job, { versionId, eTag, sizeBytes }: ObjectInfo): Job {
  return {
    ...job,
    sizeBytes,
    object: { eTag, ...(versionId === undefined ? {} : { versionId }), ...job.object },
  };
}
