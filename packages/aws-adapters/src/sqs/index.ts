export { createSqsDeadLetterQueue } from './sqs-dead-letter-queue.ts';
export { createSqsDeadLetterSender, type SqsDeadLetterSenderOptions } from './sqs-dead-letter-sender.ts';
export { createSqsJobQueue, type SqsJobQueueOptions } from './sqs-job-queue.ts';
export { createSqsJobSender, type SqsJobSenderOptions } from './sqs-job-sender.ts';
export {
  createSqsResultPublisher,
  type ResultMessage,
  type ResultSpill,
  type SqsResultPublisherOptions,
} from './sqs-result-publisher.ts';
