import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { wholeNumber, withCodedErrors } from '../errors/index.ts';
import type {
  CallOptions,
  JobResult,
  ObjectLocation,
  ObjectWriter,
  ResultPublisher,
} from '../ports/index.ts';
import { recordOf } from '../rules/job-record.ts';
import { batched } from './batched.ts';
import { byteLength, failedOf, messageJson, SAFE_REQUEST_BYTES } from './queue.ts';

/** Where words go that do not fit into a message. */
export interface ResultSpill {
  /** Stores the words that do not fit into a message. */
  readonly writer: ObjectWriter;
  /** The bucket for these words. */
  readonly bucket: string;
  /** Default: `results/`. */
  readonly prefix?: string;
}

/** Where results are sent. */
export interface SqsResultPublisherOptions {
  /** The AWS SDK client. */
  readonly client: SQSClient;
  /** The queue's URL. */
  readonly queueUrl: string;
  /** Larger messages are sent without their words. Default: 262,144, which every SQS queue takes. */
  readonly maxMessageBytes?: number;
  /** Default: words that do not fit are left out; the result store has them. */
  readonly spill?: ResultSpill;
}

/** A result as JSON: dates as ISO 8601 texts, and words perhaps elsewhere. */
export interface ResultMessage extends Omit<JobResult, 'words' | 'finishedAt' | 'lastModified'> {
  /** When the job ended, in ISO 8601. */
  readonly finishedAt: string;
  /** When the object version was written, in ISO 8601. */
  readonly lastModified?: string;
  /** Absent when they do not fit into a message. */
  readonly words?: JobResult['words'];
  /**
   * Where the words are instead, as a JSON array of `{ word, count }`, when a place for them is configured.
   */
  readonly wordsAt?: ObjectLocation;
}

/** Room for the two message attributes. */
const ATTRIBUTES_BYTES = 1024;

/**
 * Creates a publisher of results to SQS. The message's `jobId`, in the body and as an attribute, lets a
 * listener drop a repetition.
 *
 * @example
 * const publisher = createSqsResultPublisher({ client, queueUrl });
 * await publisher.publish(result);
 */
export function createSqsResultPublisher(options: SqsResultPublisherOptions): ResultPublisher {
  wholeNumber('maxMessageBytes', options.maxMessageBytes ?? SAFE_REQUEST_BYTES, 1);
  const send = messageSender(options);
  return {
    publish: async (result, call = {}) =>
      send({ result, body: await fittingBody(options, result, call), signal: call.signal }),
  };
}

/** A result with its message's body. */
interface Outgoing {
  readonly result: JobResult;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

function messageSender({
  client,
  queueUrl,
  maxMessageBytes = SAFE_REQUEST_BYTES,
}: SqsResultPublisherOptions): (message: Outgoing) => Promise<void> {
  return batched<Outgoing>({
    async alone({ result, body, signal }) {
      const { jobId, object } = result;
      const command = new SendMessageCommand({ QueueUrl: queueUrl, ...contentOf(result, body) });
      await withCodedErrors({ operation: `publish the result of job ${jobId}`, object, signal }, (options) =>
        client.send(command, options),
      );
    },
    // One caller's signal must not end the request of others: what is in a batch is sent.
    async together(messages) {
      const Entries = messages.map(({ result, body }, index) => ({
        Id: String(index),
        ...contentOf(result, body),
      }));
      const { Failed } = await withCodedErrors({ operation: `publish ${messages.length} results` }, () =>
        client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries })),
      );
      return failedOf(messages, Failed);
    },
    bytesOf: ({ body }) => byteLength(body) + ATTRIBUTES_BYTES,
    // A request may be as large as a message.
    maxBytes: maxMessageBytes,
  });
}

function contentOf(
  { jobId, outcome }: JobResult,
  body: string,
): Pick<SendMessageBatchRequestEntry, 'MessageBody' | 'MessageAttributes'> {
  return {
    MessageBody: body,
    MessageAttributes: {
      jobId: { DataType: 'String', StringValue: jobId },
      outcome: { DataType: 'String', StringValue: outcome },
    },
  };
}

async function fittingBody(
  { maxMessageBytes = SAFE_REQUEST_BYTES, spill }: SqsResultPublisherOptions,
  result: JobResult,
  call: CallOptions,
): Promise<string> {
  const message = toResultMessage(result);
  const whole = messageJson(message);
  if (byteLength(whole) + ATTRIBUTES_BYTES <= maxMessageBytes) return whole;
  const { words, ...rest } = message;
  if (spill === undefined) return messageJson(rest);
  // The same job writes the same object: a repetition overwrites it with the same bytes.
  const wordsAt = { bucket: spill.bucket, key: `${spill.prefix ?? 'results/'}${result.jobId}.words.json` };
  await spill.writer.put(wordsAt, Buffer.from(JSON.stringify(words)), {
    ...call,
    contentType: 'application/json',
  });
  return messageJson({ ...rest, wordsAt });
}

function toResultMessage(result: JobResult): ResultMessage {
  const { finishedAt, lastModified, ...rest } = recordOf(result);
  return {
    ...rest,
    finishedAt: finishedAt.toISOString(),
    ...(lastModified === undefined ? {} : { lastModified: lastModified.toISOString() }),
  };
}
