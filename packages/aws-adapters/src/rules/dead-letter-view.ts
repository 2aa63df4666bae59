import type { AnnouncementParser, DeadLetter, ObjectVersion } from '../ports/index.ts';

/** A dead letter, as JSON: on the command line and in the page's API. The names are public contract. */
export interface DeadLetterView {
  /** The queue's id of the message. */
  readonly id: string;
  /** `received-too-often` where the queue itself gave the message up. */
  readonly code: string;
  /** The reason in one sentence. */
  readonly detail: string;
  /** The object that it is about, where that is known. */
  readonly bucket?: string;
  /** The key; empty if the message is not about a file. */
  readonly key?: string;
  /** The version's id, or its ETag in a bucket without versions. */
  readonly version?: string;
  /** The id of the job. */
  readonly jobId?: string;
  /** How a message that was not understood begins. */
  readonly excerpt?: string;
  /** When it was given up, or else when its message was first sent. */
  readonly at?: string;
  /** How often it was received in the dead-letter queue; looking at it counts. */
  readonly receiveCount: number;
  /** The size of the message. */
  readonly bodyBytes: number;
}

/** The reason code of a dead letter. */
export function reasonCodeOf({ reason }: DeadLetter): string {
  return reason?.code ?? 'received-too-often';
}

/** Describes a dead letter. */
export function deadLetterView(letter: DeadLetter, parse: AnnouncementParser): DeadLetterView {
  const { message, reason, quarantinedAt } = letter;
  const object = announcedObject(letter, parse);
  const version = object?.versionId ?? object?.eTag;
  const jobId = reason?.facts?.get('jobId');
  const excerpt = reason?.facts?.get('excerpt');
  const at = quarantinedAt ?? message.sentAt;
  return {
    id: message.id,
    code: reasonCodeOf(letter),
    detail: reason?.detail ?? 'The queue moved the message here after too many receives.',
    ...(object === undefined ? {} : { bucket: object.bucket, key: object.key }),
    ...(version === undefined ? {} : { version }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(at === undefined ? {} : { at: at.toISOString() }),
    receiveCount: message.receiveCount,
    bodyBytes: new TextEncoder().encode(message.body).length,
  };
}

/**
 * The object that a dead letter is about: of those that its body announces, the one that its quarantine
 * noted, or else the first. The body has keys as they are; a message attribute is cut, and cannot carry every
 * character.
 */
export function announcedObject(
  { message, reason }: DeadLetter,
  parse: AnnouncementParser,
): ObjectVersion | undefined {
  const announced = announcedObjects(message.body, parse);
  const bucket = reason?.facts?.get('bucket');
  const key = reason?.facts?.get('key');
  if (bucket === undefined || key === undefined) return announced[0];
  return (
    announced.find((object) => object.bucket === bucket && object.key === key) ??
    announced[0] ?? { bucket, key }
  );
}

/** The objects that a message's body announces. */
export function announcedObjects(body: string, parse: AnnouncementParser): readonly ObjectVersion[] {
  const parsed = parse(body);
  if (!parsed.ok) return [];
  return parsed.events.flatMap((event) =>
    event.kind === 'created' || event.kind === 'removed' ? [event.object] : [],
  );
}
