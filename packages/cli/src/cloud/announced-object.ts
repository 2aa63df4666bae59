import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { DeadLetter, ObjectVersion } from '@org/wordfreq-aws-adapters/ports';

/**
 * The object that a dead letter is about: of those that its body announces, the one that its quarantine noted, or else the first. The body
 * has keys as they are; a message attribute is cut, and cannot carry every character.
 */
export function announcedObject({ message, reason }: DeadLetter): ObjectVersion | undefined {
  const announced = objectsOf(message.body);
  const bucket = reason?.facts?.get('bucket');
  const key = reason?.facts?.get('key');
  if (bucket === undefined || key === undefined) return announced[0];
  return (
    announced.find((object) => object.bucket === bucket && object.key === key) ??
    announced[0] ?? { bucket, key }
  );
}

/** The first object that a message's body announces. */
export function objectOfBody(body: string): ObjectVersion | undefined {
  return objectsOf(body)[0];
}

function objectsOf(body: string): readonly ObjectVersion[] {
  const parsed = parseAnnouncement(body);
  if (!parsed.ok) return [];
  return parsed.events.flatMap((event) =>
    event.kind === 'created' || event.kind === 'removed' ? [event.object] : [],
  );
}
