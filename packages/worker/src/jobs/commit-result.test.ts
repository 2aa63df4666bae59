import {
  createManualClock,
  createMemoryDigestOutbox,
  createMemoryNotifier,
  createMemoryResultPublisher,
  createMemoryResultStore,
} from '@org/wordfreq-aws-adapters/memory';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import type { NotifyMode } from '../notifications/notification-policy.ts';
import { type CommitDependencies, commitResult } from './commit-result.ts';

const FAILED = sampleResult({
  outcome: 'failed:access-denied',
  error: { code: 'access-denied', message: 'The key is disabled.' },
});
const COUNTED = sampleResult({ worker: 'worker-2', attempt: 1 });

function setUp(notify: NotifyMode = 'none') {
  const publisher = createMemoryResultPublisher();
  const results = createMemoryResultStore();
  const dependencies: CommitDependencies = {
    results,
    publisher,
    notifier: createMemoryNotifier(),
    clock: createManualClock(),
    notify,
    digest: createMemoryDigestOutbox(),
  };
  return { publisher, results, dependencies };
}

describe(commitResult, () => {
  it('publishes a better outcome although a slower worker ends its commit of the failure after it was saved', async () => {
    const { publisher, results, dependencies } = setUp('each');
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const publish = (result: typeof FAILED): Promise<void> =>
      asleep.then(() => dependencies.publisher.publish(result));
    const slow = commitResult(FAILED, { ...dependencies, publisher: { publish } });
    // The dead letter was sent back meanwhile, and its worker dies before it has told anybody.
    await results.save(COUNTED);
    wake();
    expect(await slow).toMatchObject({ fresh: true, result: { outcome: 'failed:access-denied' } });
    expect(await results.find(COUNTED)).toEqual(COUNTED);

    expect(await commitResult(COUNTED, dependencies)).toMatchObject({ fresh: true });
    expect(publisher.published.map(({ outcome }) => outcome)).toEqual(['failed:access-denied', 'counted']);
    expect((await results.find(COUNTED))?.publishedAt).toBeInstanceOf(Date);
  });

  it('keeps the record of whoever was first when two workers had the job', async () => {
    const { publisher, results, dependencies } = setUp();
    const late = { ...COUNTED, worker: 'zombie', finishedAt: new Date('2026-02-01T00:00:00Z') };
    await commitResult(COUNTED, dependencies);
    expect(await commitResult(late, dependencies)).toMatchObject({ fresh: false });
    expect(await results.find(late)).toMatchObject({ worker: 'worker-2' });
    // The first may have died before it sent its message.
    expect(publisher.published.map(({ worker }) => worker)).toEqual(['worker-2', 'worker-2']);
  });

  it.each([
    ['none', 'nobody', COUNTED, false],
    ['none', 'nobody', FAILED, false],
    ['failures', 'nobody', COUNTED, false],
    ['failures', 'somebody', FAILED, true],
    ['each', 'somebody', COUNTED, true],
    ['digest', 'somebody', COUNTED, true],
  ] as const)(
    'with NOTIFY=%s, of which %s is notified, marks and repeats accordingly',
    async (notify, _, result, marked) => {
      const { publisher, results, dependencies } = setUp(notify);
      const writes: string[] = [];
      const watched: CommitDependencies = {
        ...dependencies,
        results: {
          save: results.save,
          markPublished: (record, at) => {
            writes.push(record.outcome);
            return results.markPublished(record, at);
          },
        },
      };
      const again = { ...result, worker: 'another' };
      await commitResult(result, watched);
      await commitResult(again, watched);
      expect(writes).toEqual(marked ? [result.outcome] : []);
      expect(publisher.published).toHaveLength(marked ? 1 : 2);
    },
  );
});
