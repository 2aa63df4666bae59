import type { DigestEntry } from '../ports/index.ts';
import { cutText } from './cut-text.ts';

const MAX_DETAIL_LENGTH = 500;

/** A copy of an entry with exactly the members that an outbox keeps. Details are cut, and empty ones left out. */
export function digestEntryOf({ id, outcome, at, object, detail = '' }: DigestEntry): DigestEntry {
  return {
    id,
    outcome,
    at,
    ...(object === undefined ? {} : { object: { bucket: object.bucket, key: object.key } }),
    ...(detail === '' ? {} : { detail: cutText(detail, MAX_DETAIL_LENGTH) }),
  };
}

/** What keeps an entry from being kept, as a sentence. */
export function digestEntryProblem({ id, at }: DigestEntry): string | undefined {
  if (!Number.isNaN(at.getTime())) return undefined;
  return `Expected the time of digest entry ${id} to be a point in time, got an invalid date.`;
}
