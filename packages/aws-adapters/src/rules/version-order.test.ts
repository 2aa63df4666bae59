import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparableSequencer, type OrderingFacts, recordOrder, versionOrder } from './version-order.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, 0, seconds * 1000));

/** Facts from few values, so that ties of every kind happen; each fact may be missing. */
const someFacts: fc.Arbitrary<OrderingFacts> = fc.record(
  {
    versionId: fc.constantFrom('v1', 'v2', 'null', '', 'ü', '\uD800'),
    eTag: fc.constantFrom('e1', 'e1-2', 'e2', 'e 2', '\u{1F600}', '\uFFFF'),
    sequencer: fc.constantFrom('0A', '0a00', '0A1', '0B', '', '0', 'F'.repeat(200)),
    lastModified: fc.constantFrom(
      at(1),
      at(1.5),
      at(2),
      new Date(8.64e15),
      new Date(-1),
      new Date(Number.NaN),
    ),
    currentAt: fc.constantFrom(at(1), at(1.2), at(2), at(3)),
  },
  { requiredKeys: [] },
);

const utf8 = (text: string): string => Buffer.from(text).toString('hex');

describe(versionOrder, () => {
  it('is one total order whatever is known of each version: sorting never depends on the order of arrival', () => {
    fc.assert(
      fc.property(fc.array(someFacts, { minLength: 3, maxLength: 8 }), (versions) => {
        const orders = versions.map((facts) => versionOrder(facts));
        const sorted = [...orders].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        // Antisymmetric and transitive: each element is below all that come after it, not only below its
        // neighbour.
        for (const [index, low] of sorted.entries())
          for (const high of sorted.slice(index)) expect(high < low).toBe(false);
        const again = [...orders].reverse().sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
        expect(again).toEqual(sorted);
      }),
    );
  });

  it('compares by bytes as it compares in JavaScript, and holds no character that DynamoDB or JSON would change', () => {
    fc.assert(
      fc.property(someFacts, someFacts, (a, b) => {
        const [left, right] = [versionOrder(a), versionOrder(b)];
        expect(left).toMatch(/^[\x20-\x7E]+$/);
        expect(left < right).toBe(utf8(left) < utf8(right));
      }),
    );
  });

  it('puts the three versions in order that were a cycle while sequencer and time took turns', () => {
    const a = versionOrder({ versionId: 'a', sequencer: '05', lastModified: at(10) });
    const b = versionOrder({ versionId: 'b', lastModified: at(11) });
    const c = versionOrder({ versionId: 'c', sequencer: '04', lastModified: at(12) });
    for (const arrival of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ])
      expect([...arrival].sort()).toEqual([a, b, c]);
  });

  const ordered: readonly [string, OrderingFacts, OrderingFacts][] = [
    [
      'with versions, by last modification before the sequencer: a long upload that began first ends last',
      { versionId: 'long', sequencer: '0B', lastModified: at(1) },
      { versionId: 'short', sequencer: '0A', lastModified: at(2) },
    ],
    [
      'with versions, by the sequencer within a second, whatever the event says of its time',
      { versionId: 'z', sequencer: '0A', lastModified: at(1), currentAt: at(1.9) },
      { versionId: 'a', sequencer: '0B', lastModified: at(1), currentAt: at(1.1) },
    ],
    [
      'with versions, a removal after the upload in the same second',
      { versionId: 'z', sequencer: '0A', lastModified: at(1) },
      { versionId: 'marker', sequencer: '0B', currentAt: at(1.7) },
    ],
    [
      'with versions, an upload after the removal in the same second',
      { versionId: 'marker', sequencer: '0A', currentAt: at(1.2) },
      { versionId: 'a', sequencer: '0B', lastModified: at(1), currentAt: at(1.8) },
    ],
    [
      'without versions, by when it was last known to be current, not by when its upload began',
      { eTag: 'short', sequencer: '0A', lastModified: at(2), currentAt: at(2) },
      { eTag: 'long', sequencer: '0B', lastModified: at(1), currentAt: at(3) },
    ],
    [
      'without versions, by the last modification of what was read, when the event is of an earlier upload of the same bytes',
      { eTag: 'z', sequencer: '0B', currentAt: at(2) },
      { eTag: 'a', sequencer: '0A', currentAt: at(1), lastModified: at(3) },
    ],
    [
      'without versions, by the sequencer at one instant',
      { eTag: 'z', sequencer: '0A', currentAt: at(1) },
      { eTag: 'a', sequencer: '0A01', currentAt: at(1) },
    ],
    [
      'without versions, the removal after the upload',
      { eTag: 'e', sequencer: '0A', currentAt: at(1) },
      { sequencer: '0B', currentAt: at(1) },
    ],
    [
      'a version without a sequencer before one at the same time with it',
      { eTag: 'z', currentAt: at(1) },
      { eTag: 'a', sequencer: '0A', currentAt: at(1) },
    ],
    [
      'a version without a time before all that have one',
      { eTag: 'z', sequencer: 'FF' },
      { eTag: 'a', currentAt: new Date(0) },
    ],
    ['by name when nothing else differs', { eTag: 'a', currentAt: at(1) }, { eTag: 'b', currentAt: at(1) }],
    [
      'also years that ISO 8601 writes with a sign',
      { eTag: 'z', currentAt: at(1) },
      { eTag: 'a', currentAt: new Date(8.64e15) },
    ],
  ];
  it.each(ordered)('orders %s', (_, older, newer) => {
    expect(versionOrder(older) < versionOrder(newer)).toBe(true);
  });

  it.each(['null', '', undefined])('takes the version id %j for none', (versionId) => {
    const facts = { eTag: 'e', sequencer: '0A', currentAt: at(1.5), lastModified: at(1) };
    expect(versionOrder({ ...facts, versionId })).toBe('2026-01-01T00:00:01.500Z 0A e');
  });

  it('gives every door the same string for one version of a bucket with versions', () => {
    const version = { versionId: 'v1', lastModified: at(1) };
    expect(versionOrder({ ...version, currentAt: at(1.3) })).toBe(
      versionOrder({ ...version, currentAt: at(900) }),
    );
    expect(versionOrder({ ...version, lastModified: at(1.4) })).toBe(versionOrder(version));
  });
});

describe(comparableSequencer, () => {
  it('compares as S3 asks: the shorter one padded with zeros on the right', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), maxLength: 24 });
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        const [left = '', right = ''] = [a, b].map((text) => text.toUpperCase().padEnd(24, '0'));
        expect(comparableSequencer(a) < comparableSequencer(b)).toBe(left < right);
        expect(comparableSequencer(a) === comparableSequencer(b)).toBe(left === right);
      }),
    );
  });
});

describe(recordOrder, () => {
  it('follows the order of versions, and among records of one version the time of counting', () => {
    const record = { jobId: 'job', finishedAt: at(1) };
    fc.assert(
      fc.property(someFacts, someFacts, (a, b) => {
        const [left, right] = [versionOrder(a), versionOrder(b)];
        const early = recordOrder({ ...record, order: left, finishedAt: at(50) });
        if (left < right) expect(early < recordOrder({ ...record, order: right })).toBe(true);
        if (left === right) expect(early > recordOrder({ ...record, order: right })).toBe(true);
      }),
    );
  });
});
