import { ConfigError } from '../config.ts';

/** The part of an AWS SDK client that resolves its region and credentials. */
export interface AwsSetup {
  readonly region: () => Promise<unknown>;
  readonly credentials: () => Promise<unknown>;
}

/**
 * Reports a missing region or missing credentials once, instead of in the error of every call.
 *
 * @throws ConfigError `invalid-configuration`
 */
export async function requireAwsSetup({ region, credentials }: AwsSetup): Promise<void> {
  const problems: string[] = [];
  await region().catch(() => {
    problems.push('AWS_REGION is missing, such as eu-central-1.');
  });
  await credentials().catch((error: Error) => {
    problems.push(
      `AWS credentials are missing: ${error.message}. Run with a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  });
  if (problems.length > 0) throw new ConfigError(problems);
}
