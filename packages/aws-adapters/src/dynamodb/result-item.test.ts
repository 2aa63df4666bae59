import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobResult } from '../ports/index.ts';
import { versionOrder } from '../rules/index.ts';
import { sampleResult } from '../testing/index.ts';
import { fromItem, inlineWords, toItem } from './result-item.ts';

const name = fc.oneof(fc.constantFrom('a', 'a#b', '#', '/', 'v/1', ''), fc.string({ maxLength: 4 }));
const time = fc.integer({ min: 0, max: 2_000_000_000_000 }).map((ms) => new Date(ms));
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

/** Only the members that are not undefined. */
function defined<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members) as { [Name in keyof T]: Exclude<T[Name], undefined> };
}

const results: fc.Arbitrary<JobResult> = fc
  .record({
    key: name,
    versionId: rarely(name),
    eTag: rarely(name),
    jobId: name,
    attempt: fc.constantFrom(1, 2, 10),
    sequencer: rarely(fc.constantFrom('0A', '0a10', '00')),
    lastModified: rarely(time),
    currentAt: rarely(time),
    order: rarely(fc.constantFrom('b', 'a b', '2026-01-01T00:00:00.000Z', ' ')),
    finishedAt: time,
    hasWarnings: fc.boolean(),
  })
  .map(({ key, versionId, eTag, currentAt, order, hasWarnings, ...facts }) => {
    const object = defined({ bucket: 'texts', key, versionId, eTag });
    const known = defined({ object, ...facts }) as unknown as Partial<JobResult>;
    return sampleResult({
      ...known,
      order: order ?? versionOrder({ ...object, ...known, currentAt }),
      ...(hasWarnings ? {} : { warnings: [] }),
    });
  });

describe(toItem, () => {
  it('leaves out nothing that does not follow from the rest', () => {
    fc.assert(
      fc.property(results, (result) => {
        const item = toItem(result);
        expect(fromItem(item, inlineWords(item))).toEqual(result);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves out what the key says, defaults, and all of the order but the time of the event', () => {
    const object = { bucket: 'texts', key: 'a/b.txt', eTag: 'e1' };
    const facts = { object, sequencer: '0A', lastModified: new Date('2026-01-01T00:00:01Z') };
    const currentAt = new Date('2026-01-01T00:00:01.234Z');
    const order = versionOrder({ ...object, ...facts, currentAt });
    expect(Object.keys(toItem(sampleResult({ ...facts, warnings: [], order }))).sort()).toEqual(
      [
        ...['object', 'version', 'schemaVersion', 'outcome', 'options', 'words', 'totals', 'durationMs'],
        ...['worker', 'finishedAt', 'sequencer', 'lastModified', 'currentAt'],
      ].sort(),
    );
  });
});
