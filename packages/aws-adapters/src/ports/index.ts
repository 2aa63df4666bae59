export type { Clock, Random } from './clock.ts';
export type { CodedError, PortErrorCode } from './coded-error.ts';
export type { DigestClaim, DigestEntry, DigestOutbox } from './digest-outbox.ts';
export type { IntakePause, IntakeSwitch } from './intake-switch.ts';
export type {
  DeadLetter,
  DeadLetterQueue,
  DeadLetterSender,
  JobQueue,
  JobSender,
  QuarantineAttribute,
  QuarantineReason,
  QueueDepth,
  QueueMessage,
  ReceiveOptions,
} from './job-queue.ts';
export type {
  JobCost,
  JobResult,
  Outcome,
  ResultEncoding,
  ResultOptions,
  ResultWarning,
  StoredResult,
  WordCount,
} from './job-result.ts';
export type { Notification, NotificationKind, Notifier } from './notifier.ts';
export type {
  AnnouncementParser,
  EventForm,
  EventProblem,
  ObjectEvent,
  ParsedAnnouncement,
} from './object-events.ts';
export type {
  CallOptions,
  ListOptions,
  ObjectBody,
  ObjectCopier,
  ObjectInfo,
  ObjectLister,
  ObjectLocation,
  ObjectReader,
  ObjectStore,
  ObjectSummary,
  ObjectVersion,
  ObjectVersionLister,
  ObjectWriter,
  PutBody,
  PutOptions,
  ReadOptions,
  StoredVersion,
  WriteOptions,
} from './object-store.ts';
export type {
  DayTotals,
  NewestOptions,
  PaceStretch,
  ResultEntry,
  ResultIndex,
  ResultSums,
} from './result-index.ts';
export type { ResultPublisher } from './result-publisher.ts';
export type {
  FailedTries,
  FailedTry,
  KeysOptions,
  ListResultsOptions,
  ResultStore,
  SaveOutcome,
  SearchOptions,
  SearchPage,
  VersionSummary,
} from './result-store.ts';
