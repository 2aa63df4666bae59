export {
  createSqsDeadLetterQueue,
  createSqsDeadLetterSender,
  type SqsDeadLetterSenderOptions,
} from './dead-letters.ts';
export {
  createSqsJobQueue,
  createSqsJobSender,
  type SqsJobQueueOptions,
  type SqsJobSenderOptions,
} from './job-queue.ts';
export {
  createSqsResultPublisher,
  type ResultMessage,
  type ResultSpill,
  type SqsResultPublisherOptions,
} from './result-publisher.ts';
