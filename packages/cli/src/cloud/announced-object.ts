import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { DeadLetter, ObjectVersion } from '@org/wordfreq-aws-adapters/ports';

/** The object that a message is about: as its quarantine noted it, or else the first that its body announces. */
export function announcedObject({ message, reason }: DeadLetter): ObjectVersion | undefined {
  const { facts } = reason ?? {};
  return notedObject(facts) ?? objectOfBody(message.body);
}

/** The first object that a message's body announces as created or removed. */
export function objectOfBody(body: string): ObjectVersion | undefined {
  const parsed = parseAnnouncement(body);
  if (!parsed.ok) return undefined;
  for (const event of parsed.events) {
    if (event.kind === 'created' || event.kind === 'removed') return event.object;
  }
  return undefined;
}

function notedObject(facts: ReadonlyMap<string, string> | undefined): ObjectVersion | undefined {
  const bucket = facts?.get('bucket');
  const key = facts?.get('key');
  if (bucket === undefined || key === undefined) return undefined;
  // Message attributes are cut at 1,024 characters and cannot carry every one; the body has the key as it is.
  if (key.length >= 1024 || key.includes('\uFFFD')) return undefined;
  return { bucket, key };
}
