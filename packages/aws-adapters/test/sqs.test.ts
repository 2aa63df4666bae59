import { PublishCommand } from '@aws-sdk/client-sns';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/clock/index.ts';
import type { QueueMessage } from '../src/ports/index.ts';
import { createS3ObjectStore } from '../src/s3/index.ts';
import {
  createSqsDeadLetterQueue,
  createSqsJobQueue,
  createSqsJobSender,
  createSqsResultPublisher,
} from '../src/sqs/index.ts';
import { readAll, sampleResult } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

const aws = embedded();

async function queueWith(queueUrl: string) {
  const deadLetterQueueUrl = await aws.newQueue();
  const client = aws.clients.sqs;
  const clock = { now: () => new Date('2026-01-01T00:00:00Z') };
  const queue = createSqsJobQueue({ client, queueUrl, deadLetterQueueUrl, clock });
  const [message] = await queue.receive({ maxMessages: 1, waitSeconds: 5, visibilitySeconds: 30 });
  return { queue, deadLetterQueueUrl, message: message as QueueMessage };
}

async function queueHolding(body: string) {
  const queueUrl = await aws.newQueue();
  await aws.clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  return queueWith(queueUrl);
}

describe(createSqsJobQueue, () => {
  it('writes the reason into attributes that other programs read: their names are public', async () => {
    const { queue, deadLetterQueueUrl, message } = await queueHolding('body');
    // SQS refuses attributes with characters that XML cannot carry, and empty ones.
    const facts = new Map([
      ['key', 'a\u0000b\uD800.txt'],
      ['versionId', ''],
    ]);
    await queue.quarantine(message, { code: 'bad-key', detail: 'Why.', facts });
    const [letter] = await aws.received(deadLetterQueueUrl);
    const values = Object.entries(letter?.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      value.StringValue,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      reasonCode: 'bad-key',
      reasonDetail: 'Why.',
      quarantinedAt: '2026-01-01T00:00:00.000Z',
      originalMessageId: message.id,
      key: 'a\uFFFDb\uFFFD.txt',
    });
    expect(letter?.Body).toBe('body');
  });

  it('gives up even a message that leaves no room for its reason', async () => {
    const { queue, deadLetterQueueUrl, message } = await queueHolding('é'.repeat(524_288));
    await queue.quarantine(message, { code: 'too-large', detail: 'Expected less.' });
    const [letter] = await aws.received(deadLetterQueueUrl);
    expect(letter?.Body).toMatch(/^é{524000}é+$/);
  });

  it('gives up even a message whose body may not be sent again as it is', async () => {
    const { topicArn, queueUrl } = await aws.newTopic(true);
    await aws.clients.sns.send(new PublishCommand({ TopicArn: topicArn, Message: '{"key":"😀"}' }));
    const { queue, deadLetterQueueUrl, message } = await queueWith(queueUrl);
    expect(message.body).toBe('{"key":"😀"}');
    await queue.quarantine(message, { code: 'unknown-shape', detail: 'x' });
    const [letter] = await aws.received(deadLetterQueueUrl);
    expect(JSON.parse(letter?.Body ?? '')).toEqual({ key: '😀' });
  });

  it('keeps the message when the dead-letter queue cannot take it', async () => {
    const { message } = await queueHolding('body');
    const client = aws.clients.sqs;
    const queueUrl = await aws.newQueue();
    const queue = createSqsJobQueue({
      client,
      queueUrl,
      deadLetterQueueUrl: `${queueUrl}-no`,
      clock: systemClock,
    });
    await createSqsJobSender({ client, queueUrl, clock: systemClock }).send(['kept']);
    const [held] = await queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 30 });
    await expect(queue.quarantine(held ?? message, { code: 'c', detail: 'd' })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await queue.depth()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it('shows a message that SQS itself moved, which has no reason', async () => {
    const client = aws.clients.sqs;
    const queueUrl = await aws.newQueue();
    const deadLetters = await aws.newQueue();
    const ask = new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] });
    const deadLetterTargetArn = (await client.send(ask)).Attributes?.['QueueArn'];
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    await client.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { RedrivePolicy } }));
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'moved' }));
    const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, VisibilityTimeout: 0 });
    for (let time = 0; time < 2; time += 1) await client.send(receive);
    const queue = createSqsJobQueue({
      client,
      queueUrl,
      deadLetterQueueUrl: deadLetters,
      clock: systemClock,
    });
    expect(await queue.maxReceives()).toBe(1);
    const [letter] = await createSqsDeadLetterQueue({ client, queueUrl: deadLetters }).peek(1);
    expect(letter?.message.body).toBe('moved');
    expect(letter).not.toHaveProperty('reason');
  });
});

describe(createSqsJobSender, () => {
  it('sends bodies that are too large for one request together in several', async () => {
    const queueUrl = await aws.newQueue();
    const client = aws.clients.sqs;
    await createSqsJobSender({ client, queueUrl, clock: systemClock }).send(
      Array.from({ length: 5 }, () => 'x'.repeat(250_000)),
    );
    expect(await aws.received(queueUrl)).toHaveLength(5);
  });

  it('says invalid of what SQS will never take', async () => {
    const sender = createSqsJobSender({
      client: aws.clients.sqs,
      queueUrl: await aws.newQueue(),
      clock: systemClock,
    });
    await expect(sender.send(['good', 'bad \u0000'])).rejects.toMatchObject({
      code: 'invalid',
      retryable: false,
    });
  });
});

describe(createSqsResultPublisher, () => {
  const words = Array.from({ length: 30_000 }, (_, index) => ({ word: `word-${index}`, count: 1 }));

  it('puts words that do not fit into an object and sends where they are', async () => {
    const queueUrl = await aws.newQueue();
    const bucket = await aws.newBucket();
    const writer = createS3ObjectStore({ client: aws.clients.s3, clock: systemClock });
    const spill = { writer, bucket };
    await createSqsResultPublisher({ client: aws.clients.sqs, queueUrl, spill }).publish(
      sampleResult({ words }),
    );
    const [message] = await aws.received(queueUrl);
    const body = JSON.parse(message?.Body ?? '');
    expect(body).not.toHaveProperty('words');
    expect(body.wordsAt).toEqual({ bucket, key: 'results/job-1.words.json' });
    const { bytes } = await writer.read(body.wordsAt);
    expect(JSON.parse(String(await readAll(bytes)))).toEqual(words);
  });

  it('leaves words that do not fit out when there is no place for them', async () => {
    const queueUrl = await aws.newQueue();
    await createSqsResultPublisher({ client: aws.clients.sqs, queueUrl }).publish(sampleResult({ words }));
    const [message] = await aws.received(queueUrl);
    const { words: _words, ...rest } = sampleResult();
    expect(JSON.parse(message?.Body ?? '')).toEqual(JSON.parse(JSON.stringify(rest)));
  });

  it('says whose result it is, and how the job ended, without the body', async () => {
    const queueUrl = await aws.newQueue();
    await createSqsResultPublisher({ client: aws.clients.sqs, queueUrl }).publish(sampleResult());
    const [message] = await aws.received(queueUrl);
    expect(message?.MessageAttributes).toMatchObject({
      jobId: { DataType: 'String', StringValue: 'job-1' },
      outcome: { DataType: 'String', StringValue: 'counted' },
    });
  });
});
