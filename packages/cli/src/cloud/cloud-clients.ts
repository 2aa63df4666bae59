import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Where and as whom to call AWS, named as the AWS CLI names it. What is absent comes from the SDK's own variables and files. */
export interface CloudOptions {
  readonly region?: string | undefined;
  /** Sends every service's calls to one place. Default: each service's own endpoint, or `AWS_ENDPOINT_URL_<SERVICE>`. */
  readonly endpointUrl?: string | undefined;
  readonly profile?: string | undefined;
}

/** One client per service that commands call. */
export interface CloudClients {
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBDocumentClient;
  /** Closes the clients' connections. */
  destroy(): void;
}

/** Creates the clients. Nothing is called yet, so wrong credentials show only with the first call. */
export function createCloudClients(
  { region, endpointUrl, profile }: CloudOptions,
  environment: Readonly<Record<string, string | undefined>>,
): CloudClients {
  const common = {
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(profile === undefined ? {} : { profile }),
  };
  // Whatever is not AWS has no wildcard name for buckets.
  const forcePathStyle = endpointUrl !== undefined || environment['S3_FORCE_PATH_STYLE'] === 'true';
  const s3 = new S3Client({ ...common, forcePathStyle });
  const sqs = new SQSClient({ ...common, useQueueUrlAsEndpoint: endpointUrl === undefined });
  const plain = new DynamoDBClient(common);
  return {
    s3,
    sqs,
    dynamodb: DynamoDBDocumentClient.from(plain),
    destroy: () => {
      for (const client of [s3, sqs, plain]) client.destroy();
    },
  };
}
