import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Boto3 } from '../support/boto3.ts';

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** A function that takes a queue's messages. */
export interface QueueFunction {
  stop(): Promise<void>;
}

/**
 * moto runs functions in containers only, so its event source mapping is done here: batches of the queue go
 * to the built function, and what it does not report as failed is deleted.
 */
export function startQueueFunction(
  boto3: Boto3,
  queueUrl: string,
  bundle: string,
  environment: Readonly<Record<string, string>>,
): QueueFunction {
  const child = fork(join(import.meta.dirname, 'lambda-host.ts'), [bundle], {
    env: { PATH: process.env['PATH'], ...environment },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let stopping = false;
  const poll = async (): Promise<void> => {
    while (!stopping) {
      const { Messages = [] } = await boto3.call<{ Messages?: Message[] }>('sqs', 'receive_message', {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 60,
        AttributeNames: ['All'],
      });
      if (Messages.length === 0) await delay(200);
      else await handle(Messages);
    }
  };
  const handle = async (messages: readonly Message[]): Promise<void> => {
    const Records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      eventSource: 'aws:sqs',
    }));
    const failed = await invoke(child, { Records });
    for (const { ReceiptHandle } of messages.filter(({ MessageId }) => !failed.has(MessageId)))
      await boto3.call('sqs', 'delete_message', { QueueUrl: queueUrl, ReceiptHandle });
  };
  const polled = poll();
  return {
    async stop() {
      stopping = true;
      await polled;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

let invocations = 0;

/** Which messages are to be delivered again. */
async function invoke(
  child: ChildProcess,
  event: { readonly Records: readonly { messageId: string }[] },
): Promise<ReadonlySet<string>> {
  invocations += 1;
  child.send({ id: String(invocations), event });
  const [{ response, error }] = (await once(child, 'message')) as [
    { response?: { batchItemFailures: { itemIdentifier: string }[] }; error?: string },
  ];
  if (error !== undefined) return new Set(event.Records.map(({ messageId }) => messageId));
  return new Set((response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
}
