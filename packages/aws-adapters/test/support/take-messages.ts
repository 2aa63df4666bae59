import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Takes all messages of an embedded queue that are visible, with their attributes. */
export async function takeMessages(client: SQSClient, QueueUrl: string): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  });
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(command);
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
  }
}
