import { type EmbeddedAws, provisionPipeline, startEmbeddedAws } from '@org/wordfreq-aws-adapters/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWordfreq, runWordfreq } from './support/run-wordfreq.ts';

let aws: EmbeddedAws;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  const resources = await provisionPipeline({ aws });
  environment = {
    ...resources.environment,
    AWS_ENDPOINT_URL: aws.endpoints.s3,
    AWS_ENDPOINT_URL_DYNAMODB: aws.endpoints.dynamodb,
    AWS_REGION: aws.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    S3_FORCE_PATH_STYLE: 'true',
  };
});
afterAll(() => aws.stop());

describe('wordfreq worker', () => {
  it('works until Ctrl-C, and then stops as asked', async () => {
    const session = openWordfreq(['worker'], { environment, columns: 500 });
    await session.shows(/worker started/);
    session.type('\u0003');
    expect(await session.exitCode).toBe(0);
    expect(session.text).toContain('"msg":"worker stopped"');
  });

  it('says what is missing in the environment', async () => {
    const { stderr, exitCode } = await runWordfreq(['worker']);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^wordfreq: The environment is not complete:\n +JOBS_QUEUE_URL is missing/);
  });
});
