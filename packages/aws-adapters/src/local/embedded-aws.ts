import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CodedError } from '../ports/index.ts';
import { type ClaimedFolder, claimDataFolder, explainFolder } from './data-folder.ts';
import { type DynaliteServer, startDynalite } from './dynalite.ts';
import { type FauxqsServer, type ObjectListener, startFauxqs } from './fauxqs.ts';

/** Options of {@link startEmbeddedAws}. */
export interface EmbeddedAwsOptions {
  /** A folder that keeps everything across restarts. Default: everything in memory. */
  readonly dataDir?: string;
  /** `aws` serves S3, SQS and SNS. Default of each: a free port. */
  readonly ports?: { readonly aws?: number; readonly dynamodb?: number };
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Called when a service could not fulfil a request, for example because the disk is full. Default: ignored. */
  readonly onError?: (error: unknown) => void;
}

/** Where each service listens, all on 127.0.0.1. */
export interface EmbeddedEndpoints {
  /** The URL of S3. */
  readonly s3: string;
  /** The URL of SQS. */
  readonly sqs: string;
  /** The URL of SNS. */
  readonly sns: string;
  /** The URL of DynamoDB. */
  readonly dynamodb: string;
}

/** The running servers. */
export interface EmbeddedAws {
  /** The URLs of the services. */
  readonly endpoints: EmbeddedEndpoints;
  /** The region that clients must use. */
  readonly region: string;
  /**
   * The AWS SDK's own variables for a process that is to use these servers, with dummy credentials.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** Reports every object that is created in S3; call the returned function to stop. */
  onObjectCreated(listener: ObjectListener): () => void;
  /** Closes all connections and ends the servers. */
  stop(): Promise<void>;
}

/**
 * Starts S3, SQS, SNS and DynamoDB inside this process, on the loopback interface only, for development and
 * tests.
 *
 * @throws `port-taken`, `data-dir-unusable`, `data-dir-in-use`, `not-installed`, `node-too-old`
 * @example
 * const aws = await startEmbeddedAws();
 * const resources = await provisionPipeline({ aws });
 * Object.assign(process.env, aws.environment, resources.environment);
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  const { dataDir, ports = {}, region = 'us-east-1', onError = () => undefined } = options;
  const folder = dataDir === undefined ? undefined : await claimDataFolder(dataDir);
  const { fauxqs, dynalite } = await startServers(ports, region, folder, onError).catch((error: unknown) => {
    const isExplained = (error as Partial<CodedError>).retryable !== undefined;
    throw dataDir === undefined || isExplained ? error : explainFolder(error, dataDir);
  });
  const endpoints = { s3: fauxqs.url, sqs: fauxqs.url, sns: fauxqs.url, dynamodb: dynalite.url };
  let stopped: Promise<unknown> | undefined;
  return {
    endpoints,
    region,
    environment: environmentFor(endpoints, region),
    onObjectCreated: fauxqs.onObjectCreated,
    async stop() {
      stopped ??= Promise.all([fauxqs.stop(), dynalite.stop()]).finally(() => folder?.release());
      await stopped;
    },
  };
}

async function startServers(
  ports: NonNullable<EmbeddedAwsOptions['ports']>,
  region: string,
  folder: ClaimedFolder | undefined,
  onError: (error: unknown) => void,
): Promise<{ fauxqs: FauxqsServer; dynalite: DynaliteServer }> {
  let dynalite: DynaliteServer | undefined;
  try {
    dynalite = await startDynalite({ port: ports.dynamodb ?? 0, dataDir: folder?.dynamodb, onError });
    const fauxqs = await startFauxqs({ port: ports.aws ?? 0, region, dataDir: folder?.aws, onError });
    return { fauxqs, dynalite };
  } catch (error) {
    await dynalite?.stop();
    folder?.release();
    throw error;
  }
}

function environmentFor(endpoints: EmbeddedEndpoints, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_REGION: region,
    // The AWS CLI and boto3 read this one only.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    S3_FORCE_PATH_STYLE: 'true',
  };
}

/** One AWS SDK client per service, all pointed at the embedded servers. */
export interface EmbeddedClients {
  /** A client for S3. */
  readonly s3: S3Client;
  /** A client for SQS. */
  readonly sqs: SQSClient;
  /** A client for SNS. */
  readonly sns: SNSClient;
  /** A document client for DynamoDB. */
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
