import * as v from 'valibot';
import type { CopyPolicy } from './copy-upload.ts';

const ENVIRONMENT = v.object({
  PROCESSING_BUCKET: v.pipe(v.string(), v.minLength(3, 'expected a bucket name')),
  UPLOADING_BUCKET: v.optional(v.string(), ''),
  COPY_PREFIX: v.optional(v.string(), ''),
  COPY_SUFFIX: v.optional(v.string(), '.txt'),
  DEAD_LETTER_QUEUE_URL: v.optional(v.pipe(v.string(), v.url('expected a queue URL'))),
  MAX_RECEIVES: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[1-9]\d{0,3}$/, 'expected a whole number from 1 to 9999'),
      v.transform(Number),
    ),
  ),
  S3_FORCE_PATH_STYLE: v.optional(v.picklist(['true', 'false'], 'expected true or false'), 'false'),
});

/** The handler's configuration. */
export interface CopyConfig {
  /** Which uploads are copied, and where to. */
  readonly policy: CopyPolicy;
  /** Whether the bucket is in the path of URLs, as S3-compatible servers need it. */
  readonly forcePathStyle: boolean;
  /** The URL of the queue for messages that can never be processed. */
  readonly deadLetterQueueUrl: string | undefined;
  /** How often the queue delivers a message. */
  readonly maxReceives: number | undefined;
}

/**
 * Reads the configuration from environment variables.
 *
 * @throws Error with all problems: each variable's name, what was expected, what came
 */
export function readCopyConfig(environment: Readonly<Record<string, string | undefined>>): CopyConfig {
  // Shells and templates set a variable to the empty text to unset it; for the suffix it means "any".
  const given = Object.entries(environment).filter(([name, value]) => value !== '' || name === 'COPY_SUFFIX');
  const parsed = v.safeParse(ENVIRONMENT, Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => {
      const name = String(issue.path?.[0]?.key);
      const value = environment[name];
      return value === undefined
        ? `${name} is missing.`
        : `${name}: ${issue.message}; got ${JSON.stringify(value)}.`;
    });
    throw new Error(`The environment is not complete: ${problems.join(' ')}`);
  }
  const { PROCESSING_BUCKET, UPLOADING_BUCKET, COPY_PREFIX, COPY_SUFFIX, ...rest } = parsed.output;
  return {
    policy: {
      destinationBucket: PROCESSING_BUCKET,
      allowedBuckets: new Set(
        UPLOADING_BUCKET.split(',')
          .map((name) => name.trim())
          .filter(Boolean),
      ),
      keyPrefix: COPY_PREFIX,
      keySuffix: COPY_SUFFIX,
    },
    forcePathStyle: rest.S3_FORCE_PATH_STYLE === 'true',
    deadLetterQueueUrl: rest.DEAD_LETTER_QUEUE_URL,
    maxReceives: rest.MAX_RECEIVES,
  };
}
