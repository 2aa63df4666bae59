import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EmbeddedAws } from './embedded-aws.ts';

/** One AWS SDK client per service, all pointed at the embedded servers. */
export interface EmbeddedClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
  readonly dynamodb: DynamoDBDocumentClient;
  /** Closes the clients' connections. */
  destroy(): void;
}

/** Creates clients for the embedded servers, without looking at the environment. */
export function createEmbeddedClients(aws: Pick<EmbeddedAws, 'endpoints' | 'region'>): EmbeddedClients {
  const { endpoints, region } = aws;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const common = { region, credentials };
  const s3 = new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true });
  const sqs = new SQSClient({ ...common, endpoint: endpoints.sqs });
  const sns = new SNSClient({ ...common, endpoint: endpoints.sns });
  const plain = new DynamoDBClient({ ...common, endpoint: endpoints.dynamodb });
  const dynamodb = DynamoDBDocumentClient.from(plain);
  return {
    s3,
    sqs,
    sns,
    dynamodb,
    destroy: () => {
      for (const client of [s3, sqs, sns, plain]) client.destroy();
    },
  };
}
