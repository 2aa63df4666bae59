import { describe, expect, it } from 'vitest';
import { createSnsNotifier } from '../src/sns/index.ts';
import { sampleNotification } from '../src/testing/index.ts';
import { embedded } from './support/embedded.ts';

const aws = embedded();

describe(createSnsNotifier, () => {
  it.each([
    ['Zeile\nzwei\u202E', 'Zeile?zwei?'],
    ['', 'Notification'],
    [' \n ', '?'],
    ['x'.repeat(200), 'x'.repeat(99)],
    ['файл готов', '? ?'],
  ])('makes a subject that SNS takes out of %j', async (subject, expected) => {
    const { topicArn, queueUrl } = await aws.newTopic();
    const notifier = createSnsNotifier({ client: aws.clients.sns, topicArns: { 'job-failed': topicArn } });
    await notifier.notify(sampleNotification({ subject }));
    const [message] = await aws.received(queueUrl);
    expect(JSON.parse(message?.Body ?? '').Subject).toBe(expected);
  });

  it('lets subscriptions filter by kind and facts', async () => {
    const { topicArn, queueUrl } = await aws.newTopic(true);
    const notifier = createSnsNotifier({ client: aws.clients.sns, topicArns: { 'job-failed': topicArn } });
    await notifier.notify(sampleNotification());
    const [message] = await aws.received(queueUrl);
    expect(message?.MessageAttributes).toMatchObject({
      kind: { StringValue: 'job-failed' },
      notificationId: { StringValue: 'job-1/failed' },
      outcome: { StringValue: 'failed:too-large' },
    });
  });

  it('is silent about kinds without a topic', async () => {
    const { topicArn, queueUrl } = await aws.newTopic();
    const notifier = createSnsNotifier({ client: aws.clients.sns, topicArns: { 'job-failed': topicArn } });
    await notifier.notify(sampleNotification({ kind: 'job-finished' }));
    expect(await aws.received(queueUrl)).toEqual([]);
  });

  it('cuts a text that SNS would refuse', async () => {
    const { topicArn, queueUrl } = await aws.newTopic(true);
    const notifier = createSnsNotifier({ client: aws.clients.sns, topicArns: { 'job-failed': topicArn } });
    await notifier.notify(sampleNotification({ text: 'é'.repeat(300_000) }));
    const [message] = await aws.received(queueUrl);
    expect(message?.Body).toMatch(/^é{125000}\n…$/);
  });

  it('names the topic that is missing', async () => {
    const topicArns = { 'job-failed': 'arn:aws:sns:us-east-1:000000000000:no-such-topic' };
    const notifier = createSnsNotifier({ client: aws.clients.sns, topicArns });
    await expect(notifier.notify(sampleNotification())).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('no-such-topic'),
    });
  });
});
