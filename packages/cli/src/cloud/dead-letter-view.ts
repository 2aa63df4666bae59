import type { DeadLetter } from '@org/wordfreq-aws-adapters/ports';
import { announcedObject } from './announced-object.ts';
import { reasonAdvice } from './outcome-advice.ts';

/** A dead letter as commands show it; the names are public contract. */
export interface DeadLetterView {
  /** Which dead-letter queue it is in. */
  readonly queue: 'jobs' | 'uploads';
  readonly id: string;
  /** `received-too-often` where the queue itself gave the message up. */
  readonly code: string;
  readonly detail: string;
  readonly meaning: string;
  readonly cure?: string;
  /** The object that it is about, where one can be told. */
  readonly bucket?: string;
  readonly key?: string;
  readonly version?: string;
  readonly jobId?: string;
  /** When it was given up, or else when its message was first sent. */
  readonly at?: string;
  /** How often it was received in the dead-letter queue; looking at it counts. */
  readonly receiveCount: number;
  readonly bodyBytes: number;
}

/** Describes a dead letter. */
export function deadLetterView(letter: DeadLetter, queue: DeadLetterView['queue']): DeadLetterView {
  const { message, reason, quarantinedAt } = letter;
  const code = reason?.code ?? 'received-too-often';
  const object = announcedObject(letter);
  const version = object?.versionId ?? object?.eTag;
  const jobId = reason?.facts?.get('jobId');
  const at = quarantinedAt ?? message.sentAt;
  return {
    queue,
    id: message.id,
    code,
    detail: reason?.detail ?? `The message was received ${message.receiveCount} times without an end.`,
    ...reasonAdvice(code),
    ...(object === undefined ? {} : { bucket: object.bucket, key: object.key }),
    ...(version === undefined ? {} : { version }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(at === undefined ? {} : { at: at.toISOString() }),
    receiveCount: message.receiveCount,
    bodyBytes: Buffer.byteLength(message.body),
  };
}
