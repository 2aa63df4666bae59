import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { ObjectVersion, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { expect } from 'vitest';
import { PROCESSING, UPLOADING } from './cloud.ts';
import type { Expected, Simulation } from './simulation.ts';

/**
 * What must hold when everything has come to rest. I1: every version has its fate. I2: one record for each,
 * and a true one. I3: every message that was received has an outcome.
 */
export async function expectInvariants(simulation: Simulation): Promise<void> {
  const { cloud } = simulation;
  const records: StoredResult[] = [];
  for await (const record of cloud.results.list()) records.push(record);
  expect([...cloud.uploads.messages(), ...cloud.jobs.messages()], 'nothing is left on a queue').toEqual([]);
  expect(simulation.unexplained, 'an upload was given up without a reason').toEqual([]);
  const lettersOf = await deadLetters(simulation);
  expectFates(simulation, records, lettersOf);
  expectTold(simulation, records);
  await expectNewest(simulation);
  for (const { received, ended } of simulation.finished)
    expect(
      [...received].filter((receipt) => !ended.has(receipt)),
      'I3: no outcome',
    ).toEqual([]);
}

const nameOf = ({ bucket, key, versionId, eTag }: ObjectVersion): string =>
  JSON.stringify([bucket, key, versionId ?? eTag]);

/** Which versions the dead letters are about. Each says why it is there. */
async function deadLetters({ cloud }: Simulation): Promise<ReadonlySet<string>> {
  const letters = await cloud.deadLetters.peek(1000);
  for (const { message, reason } of letters) expect(reason?.code, `no reason: ${message.body}`).toBeTruthy();
  for (const { body } of cloud.deadUploads.messages())
    expect(parseAnnouncement(body).ok && !body.includes('[{}]'), `an upload was given up: ${body}`).toBe(
      false,
    );
  return new Set(
    letters.flatMap(({ message }) => {
      const announcement = parseAnnouncement(message.body);
      const events = announcement.ok ? announcement.events : [];
      return events.flatMap((event) => (event.kind === 'created' ? [nameOf(event.object)] : []));
    }),
  );
}

function expectFates(
  { cloud, expectations }: Simulation,
  records: readonly StoredResult[],
  letters: ReadonlySet<string>,
): void {
  const recorded = new Map(records.map((record) => [nameOf(record.object), record]));
  expect(recorded.size, 'I2: one record per version').toBe(records.length);
  for (const copy of cloud.copies)
    expect(recorded.has(nameOf(copy)), `I1: no fate of ${nameOf(copy)}`).toBe(true);
  for (const record of records) {
    const about = `I2: ${nameOf(record.object)} is ${record.outcome}`;
    const expected = expectations.get(record.object.eTag ?? '');
    expect(isTrue(record, expected), `${about}, ${record.totals.words} words, but it has ${expected}`).toBe(
      true,
    );
    if (record.outcome.startsWith('failed:'))
      expect(letters.has(nameOf(record.object)), `${about}, but there is no dead letter`).toBe(true);
  }
}

/**
 * Whether an outcome fits what the body says. A version that was replaced or removed need not have been read.
 */
function isTrue({ outcome, totals, object }: StoredResult, expected: Expected | undefined): boolean {
  if (outcome === 'counted') return totals.words === expected && totals.words > 0;
  if (outcome === 'empty') return expected === 0;
  if (outcome === 'failed:bucket-not-allowed') return object.bucket !== PROCESSING;
  // Whatever it failed with first: a failure does not give way to another one.
  if (outcome.startsWith('failed:')) return expected === 'no text';
  return outcome === 'gone' || outcome === 'skipped:overwritten';
}

function expectTold({ cloud }: Simulation, records: readonly StoredResult[]): void {
  const published = new Set(cloud.publisher.published.map(({ jobId, outcome }) => `${jobId} ${outcome}`));
  const notified = new Set(cloud.notifier.notifications.map(({ id }) => id));
  for (const { jobId, outcome } of records) {
    expect(published.has(`${jobId} ${outcome}`), `no message of ${outcome}`).toBe(true);
    if (outcome.startsWith('failed:'))
      expect(notified.has(jobId), `no notification of ${outcome}`).toBe(true);
  }
}

/** The newest text of each key was copied last, and "latest" is the result of the newest copy. */
async function expectNewest({ cloud }: Simulation): Promise<void> {
  const newest = new Map(cloud.copies.map((copy) => [copy.key, copy]));
  for (const [key, copy] of newest) {
    const upload = await cloud.objects.head({ bucket: UPLOADING, key }).catch(() => undefined);
    if (upload !== undefined && !cloud.removedCopies.has(key))
      expect(copy.eTag, `the newest upload of ${key} was not copied last`).toBe(upload.eTag);
    const latest = await cloud.results.latest(PROCESSING, key);
    const present = await cloud.objects.head(copy).catch(() => undefined);
    if (present !== undefined) expect(latest?.outcome, `${key} is there`).not.toMatch(/^(gone|skipped)/);
    expect(latest && nameOf(latest.object), `another version of ${key} is the latest`).toBe(nameOf(copy));
  }
}
