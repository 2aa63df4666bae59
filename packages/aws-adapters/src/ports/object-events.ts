import type { ObjectVersion } from './object-store.ts';

/** The form in which an announcement arrived. */
export type EventForm = 's3' | 'sns' | 'eventbridge' | 'sqs';

/** One thing that an announcement says happened to an object. */
export type ObjectEvent =
  | {
      readonly kind: 'created';
      readonly object: ObjectVersion;
      readonly sizeBytes?: number;
      /**
       * As S3 states it, such as `ObjectCreated:Put`, or `ObjectRestore:Completed` of an archived object that
       * can be read again.
       */
      readonly eventName: string;
      /**
       * Orders events of the same key: right-pad with zeros and compare as strings. Absent from some stores.
       */
      readonly sequencer?: string;
      readonly eventTime?: Date;
    }
  | {
      readonly kind: 'removed';
      /** What was removed; of a delete marker, its own version id. */
      readonly object: ObjectVersion;
      readonly eventName: string;
      readonly sequencer?: string;
      /** With the sequencer, this is the removal's place among the versions of its key. */
      readonly eventTime?: Date;
    }
  /** S3 sends one when notifications are configured; there is nothing to do. */
  | { readonly kind: 'test'; readonly bucket?: string }
  /**
   * A well-formed event that is not about the creation or removal of an object (tagging, the beginning or the
   * end of a restored copy, …).
   */
  | { readonly kind: 'ignored'; readonly eventName: string }
  /** One record of several that cannot be understood; the others can. */
  | { readonly kind: 'invalid'; readonly reason: EventProblem; readonly detail: string };

/** Why an announcement could not be understood. */
export type EventProblem = 'not-json' | 'unknown-shape' | 'unsupported-version' | 'bad-key';

/**
 * The outcome of reading an announcement: data, not an exception, because announcements are hostile input.
 */
export type ParsedAnnouncement =
  | { readonly ok: true; readonly form: EventForm; readonly events: readonly ObjectEvent[] }
  | {
      readonly ok: false;
      readonly reason: EventProblem;
      /** What was expected and what came, in one sentence. */
      readonly detail: string;
      /** The first characters of the body, with control characters escaped. */
      readonly excerpt: string;
    };

/** Reads the body of a message that announces objects, in whatever form it arrives. Never throws. */
export type AnnouncementParser = (body: string) => ParsedAnnouncement;
