import type { AnnouncementParser, CallOptions, ObjectEvent } from '@org/wordfreq-aws-adapters/ports';
import { type CopyOutcome, type CopyUploadDependencies, copyUpload } from './copy-upload.ts';
import type { OneAtATime } from './one-at-a-time.ts';

/** The outcome of one event of an announcement. */
export interface AnnouncedOutcome {
  /** The event. */
  readonly event: ObjectEvent;
  /** What happened to its object. */
  readonly result: CopyOutcome;
}

/** An announcement that cannot be understood, or a record in it. */
export class AnnouncementError extends Error {
  /** The name of the class. */
  override readonly name: string = 'AnnouncementError';
  /** From the parser's set, such as `not-json`. */
  readonly code: string;
  /** Always false: the same message can never be understood. */
  readonly retryable: boolean = false;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What copying from announcements needs. */
export interface CopyAnnouncedDependencies extends CopyUploadDependencies {
  /** Reads announcements. */
  readonly parse: AnnouncementParser;
  /**
   * Keeps two uploads of one key apart: each looks which version was copied before it copies its own, so that
   * at once they could leave the older one. Default: nothing does, for callers that copy one announcement at
   * a time.
   */
  readonly oneAtATime?: OneAtATime;
  /** Called with each outcome, also with those before an error. Default: nothing is called. */
  readonly onOutcome?: (outcome: AnnouncedOutcome) => void;
}

/**
 * Reads an announcement and copies each upload that it names. All events are tried before the first error is
 * thrown, so that one malformed record does not block others. Temporary errors are thrown first, because then
 * the message should be retried.
 *
 * @throws AnnouncementError with the parser's code; or what {@link copyUpload} throws
 */
export async function copyAnnouncedUploads(
  body: string,
  dependencies: CopyAnnouncedDependencies,
  call: CallOptions = {},
): Promise<readonly AnnouncedOutcome[]> {
  const announcement = dependencies.parse(body);
  if (!announcement.ok) {
    throw new AnnouncementError(
      announcement.reason,
      `${announcement.detail} It began: ${announcement.excerpt}`,
    );
  }
  const outcomes: AnnouncedOutcome[] = [];
  const errors: unknown[] = [];
  for (const event of announcement.events) {
    try {
      const outcome = { event, result: await actOn(event, dependencies, call) };
      outcomes.push(outcome);
      dependencies.onOutcome?.(outcome);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0)
    throw errors.find((error) => (error as { retryable?: unknown }).retryable !== false) ?? errors[0];
  return outcomes;
}

async function actOn(
  event: ObjectEvent,
  dependencies: CopyAnnouncedDependencies,
  call: CallOptions,
): Promise<CopyOutcome> {
  switch (event.kind) {
    case 'created': {
      const copy = (): Promise<CopyOutcome> => copyUpload(event, dependencies, call);
      return dependencies.oneAtATime?.(event.object.key, copy) ?? copy();
    }
    case 'test':
      return { outcome: 'test-event' };
    case 'removed':
      return { outcome: 'removed' };
    case 'ignored':
      return { outcome: 'ignored' };
    case 'invalid':
      throw new AnnouncementError(event.reason, event.detail);
  }
}
