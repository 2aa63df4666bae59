import assert from 'node:assert/strict';
import type { Notification, NotificationKind, Notifier, ResultPublisher } from '../ports/index.ts';
import { HOSTILE_WORDS, sampleResult } from './samples.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of a publisher works on. */
export interface ResultPublisherFixture extends Disposable {
  /** The publisher under test. */
  readonly publisher: ResultPublisher;
  /** The results that arrived so far, as a listener reads them: parsed JSON. */
  received(): Promise<readonly Record<string, unknown>[]>;
}

/** The contract of `ResultPublisher`. */
export function resultPublisherContract(api: TestApi, setup: Setup<ResultPublisherFixture>): void {
  api.describe('ResultPublisher contract', () => {
    const test = testsWith(api, setup);

    test('sends the whole result', async ({ publisher, received }) => {
      const words = HOSTILE_WORDS.map((word) => ({ word, count: 1 }));
      const result = sampleResult({ words, sequencer: '00AB', lastModified: new Date(0) });
      await publisher.publish(result);
      assert.deepEqual(await received(), [JSON.parse(JSON.stringify(result))]);
    });

    test('gives a repetition the same job id', async ({ publisher, received }) => {
      await publisher.publish(sampleResult());
      await publisher.publish(sampleResult());
      assert.deepEqual(
        (await received()).map(({ jobId }) => jobId),
        ['job-1', 'job-1'],
      );
    });
  });
}

/** What one test of a notifier works on. */
export interface NotifierFixture extends Disposable {
  /** Announces every kind. */
  readonly notifier: Notifier;
  /** What arrived so far, as a person reads it. */
  received(): Promise<readonly { readonly subject: string; readonly text: string }[]>;
}

/** A complete notification, to be changed where a test needs it. */
export function sampleNotification(change: Partial<Notification> = {}): Notification {
  return {
    kind: 'job-failed',
    subject: 'wordfreq: a.txt failed',
    text: 'The file a.txt could not be counted.\nReason: too-large',
    facts: new Map([['outcome', 'failed:too-large']]),
    id: 'job-1/failed',
    ...change,
  };
}

/** The contract of `Notifier`. */
export function notifierContract(api: TestApi, setup: Setup<NotifierFixture>): void {
  const kinds: readonly NotificationKind[] = ['job-finished', 'job-failed', 'message-quarantined', 'digest'];
  api.describe('Notifier contract', () => {
    const test = testsWith(api, setup);

    for (const kind of kinds) {
      test(`delivers subject and text of ${kind}`, async ({ notifier, received }) => {
        const notification = sampleNotification({ kind });
        await notifier.notify(notification);
        const { subject, text } = notification;
        assert.deepEqual(await received(), [{ subject, text }]);
      });
    }

    test('delivers a text in any script, and whatever the facts are', async ({ notifier, received }) => {
      const text = 'Слово 字 😀 <b>\n=1+1';
      const facts = new Map([
        ['', 'no name'],
        ['empty', ''],
        ['odd name!', 'x'],
        ...Array.from({ length: 20 }, (_, index): [string, string] => [`fact${index}`, '😀'.repeat(500)]),
      ]);
      await notifier.notify(sampleNotification({ text, facts }));
      assert.deepEqual(
        (await received()).map((mail) => mail.text),
        [text],
      );
    });
  });
}
