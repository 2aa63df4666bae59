import { isLoopback } from '@org/wordfreq-aws-adapters/rules';
import {
  CASE_LOCALES,
  type CaseLocale,
  CJK_UNITS,
  type CjkUnit,
  encodingNamed,
  FOLDS,
  type Fold,
  NORMALIZATIONS,
  type Normalization,
  TOKENIZERS,
  type Tokenizer,
} from '@org/wordfreq-core';
import * as v from 'valibot';
import { NOTIFY_MODES, type NotifyMode } from './notifications/notification-policy.ts';
import { DEFAULT_CONCURRENCY } from './queue/worker-options.ts';

/** The core's limit. */
const MAX_DISTINCT_WORDS = 2 ** 25;

/** A whole number written in digits, within bounds. */
const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, 'expected a whole number'),
    v.transform(Number),
    v.minValue(min, `expected at least ${min}`),
    v.maxValue(max, `expected at most ${max}`),
  );
const oneOf = <const T extends readonly string[]>(choices: T) =>
  v.picklist(choices, `expected one of ${choices.join(', ')}`);
const encoding = v.pipe(
  v.string(),
  v.check((label) => encodingNamed(label) !== undefined, 'expected an encoding, such as windows-1252'),
);
const queueUrl = v.pipe(v.string(), v.url('expected a queue URL'));
const topicArn = v.pipe(v.string(), v.regex(/^arn:[^:]+:sns:/, 'expected the ARN of an SNS topic'));
const loadBalancerArn = v.pipe(
  v.string(),
  v.regex(
    /^arn:[^:]+:elasticloadbalancing:[^:]+:\d+:loadbalancer\/app\//,
    'expected the ARN of an Application Load Balancer',
  ),
);
const names = v.pipe(
  v.string(),
  v.transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  ),
  v.minLength(1, 'expected at least one bucket name'),
);

/** Each variable with its type and its default; variables without a default are required, unless optional. */
const ENVIRONMENT = v.object({
  JOBS_QUEUE_URL: queueUrl,
  DEAD_LETTER_QUEUE_URL: queueUrl,
  RESULTS_QUEUE_URL: queueUrl,
  RESULTS_TOPIC_ARN: topicArn,
  FAILURES_TOPIC_ARN: topicArn,
  RESULTS_TABLE: v.pipe(v.string(), v.minLength(3, 'expected a table name')),
  PROCESSING_BUCKET: names,
  TOKENIZER: v.optional(oneOf(TOKENIZERS), 'unicode'),
  NORMALIZE: v.optional(oneOf(NORMALIZATIONS), 'none'),
  FOLD: v.optional(oneOf(FOLDS)),
  CASE_LOCALE: v.optional(oneOf(CASE_LOCALES)),
  CJK: v.optional(oneOf(CJK_UNITS), 'word'),
  DEHYPHENATE: v.optional(oneOf(['true', 'false']), 'false'),
  WORDS_FILE: v.optional(v.string()),
  ENCODING: v.optional(encoding),
  TOP_WORDS: v.optional(wholeNumber(1, 10_000), '100'),
  MAX_DISTINCT_WORDS: v.optional(wholeNumber(1, MAX_DISTINCT_WORDS), '3000000'),
  KEY_PREFIX: v.optional(v.string(), ''),
  KEY_SUFFIX: v.optional(v.string(), '.txt'),
  MAX_OBJECT_BYTES: v.optional(wholeNumber(1, 5_000_000_000_000), '10000000000'),
  CONCURRENCY: v.optional(wholeNumber(1, 64), String(DEFAULT_CONCURRENCY)),
  PREFETCH: v.optional(wholeNumber(0, 100), '10'),
  COUNTING_THREADS: v.optional(wholeNumber(0, 64), '1'),
  VISIBILITY_SECONDS: v.optional(wholeNumber(3, 43_200), '60'),
  NOTIFY: v.optional(oneOf(NOTIFY_MODES), 'failures'),
  DIGEST_MINUTES: v.optional(wholeNumber(1, 1440), '60'),
  STOP_TIMEOUT_SECONDS: v.optional(wholeNumber(1, 120), '30'),
  UNHEALTHY_AFTER_MINUTES: v.optional(wholeNumber(1, 1440), '30'),
  PORT: v.optional(wholeNumber(0, 65_535)),
  HOST: v.optional(v.string(), '127.0.0.1'),
  PAGE: v.optional(oneOf(['true', 'false']), 'false'),
  PAGE_ACTIONS: v.optional(oneOf(['true', 'false']), 'false'),
  PAGE_LOAD_BALANCER_ARN: v.optional(loadBalancerArn),
  LOG_LEVEL: v.optional(oneOf(['trace', 'debug', 'info', 'warn', 'error', 'silent']), 'info'),
  S3_FORCE_PATH_STYLE: v.optional(oneOf(['true', 'false']), 'false'),
  SPILL_BUCKET: v.optional(v.string()),
  WORKER_NAME: v.optional(v.string()),
  ECS_AGENT_URI: v.optional(v.string()),
  TASK_PROTECTION: v.optional(oneOf(['true', 'false']), 'true'),
});

/** The worker's configuration, named as its environment variables; the README's table explains each. */
export interface WorkerConfig {
  /** The queue of jobs. */
  readonly JOBS_QUEUE_URL: string;
  /** The queue for jobs that can never be done. */
  readonly DEAD_LETTER_QUEUE_URL: string;
  /** The queue for results. */
  readonly RESULTS_QUEUE_URL: string;
  /** The topic for notifications of results. */
  readonly RESULTS_TOPIC_ARN: string;
  /** The topic for notifications of failures. */
  readonly FAILURES_TOPIC_ARN: string;
  /** The table of results. */
  readonly RESULTS_TABLE: string;
  /** The buckets that may be read. */
  readonly PROCESSING_BUCKET: readonly string[];
  /** The rule that says what a word is. */
  readonly TOKENIZER: Tokenizer;
  /** Whether words are counted in Unicode's composed form. */
  readonly NORMALIZE: Normalization;
  /** Which words that look alike are counted together. */
  readonly FOLD?: Fold | undefined;
  /** The language by which case is folded. */
  readonly CASE_LOCALE?: CaseLocale | undefined;
  /** What a word of Chinese and Japanese is. */
  readonly CJK: CjkUnit;
  /** Whether words that hyphens divide at line ends are joined. */
  readonly DEHYPHENATE: 'true' | 'false';
  /** A file, or an object as `s3://bucket/key`, with words for the dictionaries of languages without spaces. */
  readonly WORDS_FILE?: string | undefined;
  /** The encoding of objects whose content type declares none; without it, it is detected. */
  readonly ENCODING?: string | undefined;
  /** How many words a result holds. */
  readonly TOP_WORDS: number;
  /** A text with more distinct words fails. */
  readonly MAX_DISTINCT_WORDS: number;
  /** Only keys that start with this are counted. */
  readonly KEY_PREFIX: string;
  /** Only keys that end with this are counted; empty for every key. */
  readonly KEY_SUFFIX: string;
  /** Larger objects fail. */
  readonly MAX_OBJECT_BYTES: number;
  /** How many jobs run at once. */
  readonly CONCURRENCY: number;
  /** How many messages are received before there is room for them. */
  readonly PREFETCH: number;
  /** How many threads count; 0 counts on the main thread. */
  readonly COUNTING_THREADS: number;
  /** The lease of a received message; it is extended while the job runs. */
  readonly VISIBILITY_SECONDS: number;
  /** Which outcomes people are notified of. */
  readonly NOTIFY: NotifyMode;
  /** With `NOTIFY=digest`: at most one mail per this interval. */
  readonly DIGEST_MINUTES: number;
  /** How long after SIGTERM the platform kills the process. */
  readonly STOP_TIMEOUT_SECONDS: number;
  /** How long all jobs may fail in the same way before `/healthz` fails. */
  readonly UNHEALTHY_AFTER_MINUTES: number;
  /** The port of the health endpoints and the page; 0 for any free one. */
  readonly PORT?: number | undefined;
  /** The address on which they listen. */
  readonly HOST: string;
  /** Whether the page is served. */
  readonly PAGE: 'true' | 'false';
  /** Whether people may send back and delete dead letters and pause intake on the page. */
  readonly PAGE_ACTIONS: 'true' | 'false';
  /** The load balancer whose sign-in decides who may do that. */
  readonly PAGE_LOAD_BALANCER_ARN?: string | undefined;
  /** The least severe level that is logged. */
  readonly LOG_LEVEL: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Whether the bucket is in the path of URLs, as S3-compatible servers need it. */
  readonly S3_FORCE_PATH_STYLE: 'true' | 'false';
  /** The bucket for words of results that are too large for DynamoDB or SQS. */
  readonly SPILL_BUCKET?: string | undefined;
  /** The name of the worker in results and logs. */
  readonly WORKER_NAME?: string | undefined;
  /** Set by ECS itself. */
  readonly ECS_AGENT_URI?: string | undefined;
  /** Whether the worker protects its ECS task while it is busy. */
  readonly TASK_PROTECTION: 'true' | 'false';
}

/** An example of each required variable. */
const EXAMPLES: Readonly<Record<string, string>> = {
  JOBS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/wordfreq-jobs',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/wordfreq-dead-letters',
  RESULTS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/wordfreq-results',
  RESULTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:wordfreq-results',
  FAILURES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:wordfreq-failures',
  RESULTS_TABLE: 'wordfreq-results',
  PROCESSING_BUCKET: 'wordfreq-processing',
};

/** Everything that is wrong with an environment, in one error. */
export class ConfigError extends Error {
  /** The name of the class. */
  override readonly name: string = 'ConfigError';
  /** Always `invalid-configuration`. */
  readonly code: string = 'invalid-configuration';
  /** Always false: somebody has to change the environment. */
  readonly retryable: boolean = false;
  /** One sentence per variable. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The environment is not complete:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the configuration from environment variables.
 *
 * @throws ConfigError `invalid-configuration`: every problem at once, each with the variable's name, what was
 * expected and what came
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WorkerConfig {
  // Shells and task definitions set a variable to the empty text to unset it; for the suffix it means "any".
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== '' || name === 'KEY_SUFFIX'),
  );
  const parsed = v.safeParse(ENVIRONMENT, given);
  if (parsed.success) {
    requireGuardedActions(parsed.output);
    requireUnicode(parsed.output);
    return parsed.output;
  }
  throw new ConfigError(
    parsed.issues.map((issue) => {
      const name = String(issue.path?.[0]?.key);
      const value = given[name];
      const example = EXAMPLES[name] === undefined ? '' : `, such as ${EXAMPLES[name]}`;
      if (value === undefined) return `${name} is missing${example}.`;
      return `${name}: ${issue.message}${example}; got ${JSON.stringify(value)}.`;
    }),
  );
}

/** The other tokenizers have rules of their own. */
function requireUnicode({ TOKENIZER, FOLD, CASE_LOCALE, CJK, WORDS_FILE, DEHYPHENATE }: WorkerConfig): void {
  const isPlain =
    (FOLD ?? 'none') === 'none' &&
    CJK === 'word' &&
    DEHYPHENATE === 'false' &&
    (CASE_LOCALE ?? WORDS_FILE) === undefined;
  if (TOKENIZER === 'unicode' || isPlain) return;
  throw new ConfigError([
    `FOLD, CASE_LOCALE, CJK, WORDS_FILE and DEHYPHENATE: expected none of them unless TOKENIZER is unicode, got TOKENIZER ${JSON.stringify(TOKENIZER)}.`,
  ]);
}

/** Not everyone who can reach the page may change something. */
function requireGuardedActions({ HOST, PAGE_ACTIONS, PAGE_LOAD_BALANCER_ARN }: WorkerConfig): void {
  if (PAGE_ACTIONS === 'false' || isLoopback(HOST) || PAGE_LOAD_BALANCER_ARN !== undefined) return;
  throw new ConfigError([
    'PAGE_ACTIONS: expected HOST to be 127.0.0.1, or PAGE_LOAD_BALANCER_ARN to name the load balancer at which people sign in;' +
      ` got HOST ${JSON.stringify(HOST)}.`,
  ]);
}
