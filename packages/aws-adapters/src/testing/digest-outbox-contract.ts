import assert from 'node:assert/strict';
import type { DigestEntry, DigestOutbox } from '../ports/index.ts';
import { HOSTILE_KEYS } from './samples.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of a digest outbox works on. */
export interface DigestOutboxFixture extends Disposable {
  /** The outbox under test, empty. */
  readonly outbox: DigestOutbox;
}

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const byId = (a: DigestEntry, b: DigestEntry): number => (a.id < b.id ? -1 : 1);

/** The contract of `DigestOutbox`. */
export function digestOutboxContract(api: TestApi, setup: Setup<DigestOutboxFixture>): void {
  api.describe('DigestOutbox contract', () => {
    const test = testsWith(api, setup);

    test('keeps entries of any kind until they are taken out', async ({ outbox }) => {
      const entries: DigestEntry[] = [
        ...HOSTILE_KEYS.map((key, index) => ({
          id: `job-${index}`,
          outcome: 'failed:not-text',
          at: at(index),
          object: { bucket: 'texts', key },
          detail: 'Expected text.\n<b>',
        })),
        { id: 'x'.repeat(2000), outcome: 'quarantined:not-json', at: at(50) },
      ];
      assert.deepEqual(await outbox.list(100), []);
      for (const entry of entries) await outbox.add(entry);
      assert.deepEqual([...(await outbox.list(100))].sort(byId), [...entries].sort(byId));
      const [gone, ...kept] = entries.map(({ id }) => id);
      await outbox.remove([gone ?? '']);
      await outbox.remove([gone ?? '']);
      assert.deepEqual((await outbox.list(100)).map(({ id }) => id).sort(), kept.sort());
    });

    test('keeps exactly the members of an entry, and details of at most 500 characters', async ({
      outbox,
    }) => {
      const object = { bucket: 'texts', key: 'a.txt', eTag: 'e1' };
      const entry = { id: 'job-1', outcome: 'counted', at: at(1), object, detail: '', more: at(2) };
      await outbox.add(entry);
      await outbox.add({ id: 'job-2', outcome: 'gone', at: at(1), detail: `${'x'.repeat(499)}😀` });
      assert.deepEqual([...(await outbox.list(100))].sort(byId), [
        { id: 'job-1', outcome: 'counted', at: at(1), object: { bucket: 'texts', key: 'a.txt' } },
        { id: 'job-2', outcome: 'gone', at: at(1), detail: 'x'.repeat(499) },
      ]);
    });

    test('refuses an entry without a time as invalid', async ({ outbox }) => {
      const entry = { id: 'job-1', outcome: 'counted', at: new Date(Number.NaN) };
      await assert.rejects(outbox.add(entry), { code: 'invalid', retryable: false });
      assert.deepEqual(await outbox.list(100), []);
    });

    test('keeps an entry once that is put in twice', async ({ outbox }) => {
      const entry = { id: 'job-1', outcome: 'counted', at: at(1) };
      await outbox.add(entry);
      await outbox.add(entry);
      assert.deepEqual(await outbox.list(100), [entry]);
    });

    test('lists as many as are asked for, and takes out as many as there are', async ({ outbox }) => {
      const ids = Array.from({ length: 60 }, (_, index) => `job-${index}`);
      await Promise.all(ids.map((id) => outbox.add({ id, outcome: 'counted', at: at(1) })));
      assert.equal((await outbox.list(10)).length, 10);
      await outbox.remove(ids);
      assert.deepEqual(await outbox.list(100), []);
    });

    test('lets one of many send the next digest, and none again too soon', async ({ outbox }) => {
      const claims = Array.from({ length: 8 }, () => outbox.claim({ at: at(10), notSince: at(0) }));
      assert.equal((await Promise.all(claims)).filter(Boolean).length, 1);
      assert.equal(await outbox.claim({ at: at(15), notSince: at(5) }), false);
      assert.equal(await outbox.claim({ at: at(20), notSince: at(10) }), true);
      assert.equal(await outbox.claim({ at: at(21), notSince: at(11) }), false);
    });
  });
}
