export { createSqsDeadLetterSender, type SqsDeadLetterSenderOptions } from './dead-letters.ts';
export { createSqsJobQueue, type SqsJobQueueOptions } from './job-queue.ts';
export { createSqsJobSender, type SqsJobSenderOptions } from './job-sender.ts';
export {
  createSqsResultPublisher,
  type ResultMessage,
  type ResultSpill,
  type SqsResultPublisherOptions,
} from './result-publisher.ts';
export { createSqsDeadLetterQueue } from './sqs-dead-letter-queue.ts';
