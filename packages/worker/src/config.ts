import { isLoopback } from '@org/wordfreq-aws-adapters/rules';
import { NORMALIZATIONS, type Normalization, TOKENIZERS, type Tokenizer } from '@org/wordfreq-core';
import * as v from 'valibot';
import { NOTIFY_MODES, type NotifyMode } from './notifications/notification-policy.ts';

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

/** Each variable, its shape and default. `required` ones have none. */
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
  TOP_WORDS: v.optional(wholeNumber(1, 10_000), '100'),
  MAX_DISTINCT_WORDS: v.optional(wholeNumber(1, MAX_DISTINCT_WORDS), '3000000'),
  KEY_PREFIX: v.optional(v.string(), ''),
  KEY_SUFFIX: v.optional(v.string(), '.txt'),
  MAX_OBJECT_BYTES: v.optional(wholeNumber(1, 5_000_000_000_000), '10000000000'),
  CONCURRENCY: v.optional(wholeNumber(1, 64), '4'),
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
  PAGE_REDRIVE: v.optional(oneOf(['true', 'false']), 'false'),
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
  readonly JOBS_QUEUE_URL: string;
  readonly DEAD_LETTER_QUEUE_URL: string;
  readonly RESULTS_QUEUE_URL: string;
  readonly RESULTS_TOPIC_ARN: string;
  readonly FAILURES_TOPIC_ARN: string;
  readonly RESULTS_TABLE: string;
  /** The buckets that may be read. */
  readonly PROCESSING_BUCKET: readonly string[];
  readonly TOKENIZER: Tokenizer;
  readonly NORMALIZE: Normalization;
  readonly TOP_WORDS: number;
  readonly MAX_DISTINCT_WORDS: number;
  readonly KEY_PREFIX: string;
  readonly KEY_SUFFIX: string;
  readonly MAX_OBJECT_BYTES: number;
  readonly CONCURRENCY: number;
  readonly PREFETCH: number;
  readonly COUNTING_THREADS: number;
  readonly VISIBILITY_SECONDS: number;
  readonly NOTIFY: NotifyMode;
  readonly DIGEST_MINUTES: number;
  readonly STOP_TIMEOUT_SECONDS: number;
  readonly UNHEALTHY_AFTER_MINUTES: number;
  readonly PORT?: number | undefined;
  readonly HOST: string;
  readonly PAGE: 'true' | 'false';
  readonly PAGE_REDRIVE: 'true' | 'false';
  readonly PAGE_LOAD_BALANCER_ARN?: string | undefined;
  readonly LOG_LEVEL: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly S3_FORCE_PATH_STYLE: 'true' | 'false';
  readonly SPILL_BUCKET?: string | undefined;
  readonly WORKER_NAME?: string | undefined;
  /** Set by ECS itself. */
  readonly ECS_AGENT_URI?: string | undefined;
  readonly TASK_PROTECTION: 'true' | 'false';
}

/** What an example of each required variable looks like. */
const EXAMPLES: Readonly<Record<string, string>> = {
  JOBS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/wordfreq-jobs',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/wordfreq-dead-letters',
  RESULTS_QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/wordfreq-results',
  RESULTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:wordfreq-results',
  FAILURES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:wordfreq-failures',
  RESULTS_TABLE: 'wordfreq-results',
  PROCESSING_BUCKET: 'wordfreq-processing',
};

/** All that is wrong with an environment, in one error. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError';
  readonly code: string = 'invalid-configuration';
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
 * @throws ConfigError `invalid-configuration`: every problem at once, each with the variable's name, what was expected and what came
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WorkerConfig {
  // An empty variable is how shells and task definitions say "unset"; for the suffix it says "any".
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== '' || name === 'KEY_SUFFIX'),
  );
  const parsed = v.safeParse(ENVIRONMENT, given);
  if (parsed.success) {
    requireGuardedRedrive(parsed.output);
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

/** Sending dead letters back is not for whoever happens to reach the page. */
function requireGuardedRedrive({ HOST, PAGE_REDRIVE, PAGE_LOAD_BALANCER_ARN }: WorkerConfig): void {
  if (PAGE_REDRIVE === 'false' || isLoopback(HOST) || PAGE_LOAD_BALANCER_ARN !== undefined) return;
  throw new ConfigError([
    'PAGE_REDRIVE: expected HOST to be 127.0.0.1, or PAGE_LOAD_BALANCER_ARN to name the load balancer that asks people who they are;' +
      ` got HOST ${JSON.stringify(HOST)}.`,
  ]);
}
