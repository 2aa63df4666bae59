import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startEventSourceMapping, startLambda } from '../../../packages/cli/src/local/copy-lambda.ts';
import type { Running } from '../../../packages/cli/src/local/supervised-process.ts';
import { type Copying, environmentFor, PLACE } from './deployed.ts';
import { startInline } from './inline-function.ts';
import { withQueueUrls } from './template.ts';

/** The deployed copy Lambda, with what AWS does around it as its role. */
export interface CopyFunction extends Running {
  /** As S3 calls it. */
  invoke(event: object): Promise<void>;
  readonly lines: readonly string[];
}

type Handler = (event: SQSEvent) => Promise<SQSBatchResponse>;

/**
 * Starts the function in the form that the variant deploys, and Lambda's reading of its queue where it has
 * one.
 */
export function startCopyFunction(copying: Copying, endpoint: string, inline: boolean): CopyFunction {
  const { principal, environment: own, inlineCode, deadLetters, queue } = copying;
  const environment = environmentFor(principal, own, endpoint);
  const lines: string[] = [];
  const onLine = (line: string): void => void lines.push(line);
  const lambda = inline
    ? startInline(inlineCode, environment, onLine)
    : startLambda({ environment, onLine, onCrash: onLine });
  const handler: Handler = (event) => lambda.invoke(event);
  const sqsClient = new SQSClient(clientOptions(environment));
  const queueUrl = (ref: string): string => withQueueUrls(ref, endpoint);

  async function invoke(event: object): Promise<void> {
    await handler(event as SQSEvent).catch(async (error: Error) => {
      lines.push(String(error));
      // After its tries Lambda sends what failed to the destination, with the function's role.
      const QueueUrl = queueUrl(deadLetters.ref);
      await sqsClient.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
    });
  }

  const mapping =
    queue === undefined ? undefined : readQueue(sqsClient, queueUrl(queue.ref), queue.arn, handler, onLine);
  return {
    invoke,
    lines,
    async stop() {
      await mapping?.stop();
      await lambda.stop();
      sqsClient.destroy();
    },
  };
}

function readQueue(
  client: SQSClient,
  queueUrl: string,
  queueArn: string,
  invoke: Handler,
  onLine: (line: string) => void,
): Running {
  const queue = createSqsJobQueue({ client, queueUrl, deadLetterQueueUrl: queueUrl, clock: systemClock });
  // Lambda asks for the queue's attributes to know how many pollers it needs.
  const asked = queue.depth();
  const mapping = startEventSourceMapping({
    queue,
    queueArn,
    region: PLACE.region,
    invoke,
    onError: (error) => onLine(String(error)),
  });
  return {
    async stop() {
      await asked;
      await mapping.stop();
    },
  };
}

/** What the SDK would read from an environment. */
export function clientOptions(environment: Readonly<Record<string, string>>): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID: accessKeyId = '' } = environment;
  return { endpoint, region: PLACE.region, credentials: { accessKeyId, secretAccessKey: 'local' } };
}
