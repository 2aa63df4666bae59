import * as v from 'valibot';
import type { CopyPolicy } from './copy-upload.ts';

const ENVIRONMENT = v.object({
  PROCESSING_BUCKET: v.pipe(v.string(), v.minLength(3, 'expected a bucket name')),
  UPLOADING_BUCKET: v.optional(v.string(), ''),
  COPY_PREFIX: v.optional(v.string(), ''),
  COPY_SUFFIX: v.optional(v.string(), '.txt'),
  S3_FORCE_PATH_STYLE: v.optional(v.picklist(['true', 'false'], 'expected true or false'), 'false'),
});

/** The handler's configuration. */
export interface CopyConfig {
  readonly policy: CopyPolicy;
  readonly forcePathStyle: boolean;
}

/**
 * Reads the configuration from environment variables.
 *
 * @throws Error with all problems: each variable's name, what was expected, what came
 */
export function readCopyConfig(environment: Readonly<Record<string, string | undefined>>): CopyConfig {
  const parsed = v.safeParse(ENVIRONMENT, environment);
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
  const { PROCESSING_BUCKET, UPLOADING_BUCKET, COPY_PREFIX, COPY_SUFFIX, S3_FORCE_PATH_STYLE } =
    parsed.output;
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
    forcePathStyle: S3_FORCE_PATH_STYLE === 'true',
  };
}
