import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { CommonValues } from '../command-line/command.ts';

/** One client per service, which give up soon. */
export interface DoctorClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly sns: SNSClient;
  destroy(): void;
}

const CONNECT_MS = 3000;
const ANSWER_MS = 10_000;

/** Creates the clients as every command does, but without retries: a doctor tells of the first failure. */
export function createDoctorClients(
  { region, endpointUrl, profile }: Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'>,
  environment: Readonly<Record<string, string | undefined>>,
): DoctorClients {
  const common = {
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS },
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(profile === undefined ? {} : { profile }),
  };
  const forcePathStyle = endpointUrl !== undefined || environment['S3_FORCE_PATH_STYLE'] === 'true';
  const s3 = new S3Client({ ...common, forcePathStyle });
  const sqs = new SQSClient({ ...common, useQueueUrlAsEndpoint: endpointUrl === undefined });
  const dynamodb = new DynamoDBClient(common);
  const sns = new SNSClient(common);
  return {
    s3,
    sqs,
    dynamodb,
    sns,
    destroy: () => {
      for (const client of [s3, sqs, dynamodb, sns]) client.destroy();
    },
  };
}
