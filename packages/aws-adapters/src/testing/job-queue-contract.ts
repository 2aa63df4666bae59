import assert from 'node:assert/strict';
import type { DeadLetterQueue, DeadLetterSender, JobQueue, JobSender, QueueMessage } from '../ports/index.ts';
import { type Disposable, type Setup, type TestApi, testsWith } from './test-api.ts';

/** What one test of a queue works on: three views of one empty queue and its empty dead-letter queue. */
export interface JobQueueFixture extends Disposable {
  /** The queue under test, empty. */
  readonly queue: JobQueue;
  /** Sends to that queue. */
  readonly sender: JobSender;
  /** The dead letters of that queue. */
  readonly deadLetters: DeadLetterQueue;
  /** Sends to the same dead-letter queue. */
  readonly deadLetterSender: DeadLetterSender;
  /** What the queue is set to. Default: it never moves a message by itself. */
  readonly maxReceives?: number;
  /** Lets time pass: waits, or turns the clock that the queue was given. */
  pass(ms: number): Promise<void>;
}

type Test = (name: string, run: (fixture: JobQueueFixture) => Promise<void>) => void;

/**
 * The contract of `JobQueue`, `JobSender` and `DeadLetterQueue`. On a real queue it takes a few seconds,
 * because visibility is counted in seconds.
 */
export function jobQueueContract(api: TestApi, setup: Setup<JobQueueFixture>): void {
  api.describe('JobQueue contract', () => {
    const test = testsWith(api, setup);
    receives(test);
    refuses(test);
    waitsAndMeasures(test);
    knowsItsLimit(test);
    leases(test);
    givesBack(test);
    ends(test);
    quarantines(test);
    showsDeadLetters(test);
  });
}

function receive(queue: JobQueue, visibilitySeconds = 30, waitSeconds = 0): Promise<readonly QueueMessage[]> {
  return queue.receive({ maxMessages: 10, waitSeconds, visibilitySeconds });
}

async function receiveOne(queue: JobQueue, visibilitySeconds = 30): Promise<QueueMessage> {
  const [message, ...others] = await receive(queue, visibilitySeconds);
  assert.ok(message !== undefined, 'expected a message to be visible');
  assert.equal(others.length, 0);
  return message;
}

function receives(test: Test): void {
  test('hands out what was sent, once', async ({ queue, sender }) => {
    await sender.send(['{"a":1}']);
    const message = await receiveOne(queue);
    assert.equal(message.body, '{"a":1}');
    assert.equal(message.receiveCount, 1);
    assert.notEqual(message.id, '');
    assert.ok(message.sentAt instanceof Date);
    assert.deepEqual(await receive(queue), []);
  });

  test('sends more bodies than fit into one request', async ({ queue, sender }) => {
    const bodies = Array.from({ length: 25 }, (_, index) => `job ${index}`);
    await sender.send(bodies);
    const received: string[] = [];
    for (;;) {
      const batch = await receive(queue);
      if (batch.length === 0) break;
      assert.ok(batch.length <= 10);
      received.push(...batch.map(({ body }) => body));
    }
    assert.deepEqual(received.sort(), bodies.sort());
  });
}

function refuses(test: Test): void {
  const invalid = { code: 'invalid', retryable: false };

  for (const [what, body] of [
    ['an empty body', ''],
    ['a body with a character that XML cannot carry', 'a\0b'],
    ['a body that is too large', 'x'.repeat(1_048_577)],
  ] as const) {
    test(`refuses ${what} as invalid, and sends none of the others`, async ({ queue, sender }) => {
      await assert.rejects(sender.send(['fine', body]), invalid);
      assert.deepEqual(await receive(queue), []);
    });
  }

  for (const change of [
    { maxMessages: 0 },
    { maxMessages: 11 },
    { waitSeconds: 21 },
    { visibilitySeconds: 0 },
    { visibilitySeconds: 43_201 },
    { visibilitySeconds: 1.5 },
  ]) {
    test(`refuses to receive with ${JSON.stringify(change)} as invalid`, async ({ queue }) => {
      const options = { maxMessages: 1, waitSeconds: 0, visibilitySeconds: 30, ...change };
      await assert.rejects(queue.receive(options), invalid);
    });
  }

  test('refuses a lease of more than twelve hours as invalid', async ({ queue, sender }) => {
    await sender.send(['a']);
    const message = await receiveOne(queue);
    await assert.rejects(queue.extend(message, 43_201), invalid);
    await assert.rejects(queue.release(message, -1), invalid);
  });
}

function waitsAndMeasures(test: Test): void {
  test('returns nothing when the signal fires while it waits', async ({ queue }) => {
    const abort = new AbortController();
    const waiting = queue.receive({
      maxMessages: 1,
      waitSeconds: 20,
      visibilitySeconds: 30,
      signal: abort.signal,
    });
    await Promise.resolve();
    abort.abort();
    assert.deepEqual(await waiting, []);
  });

  test('measures the work that waits', async ({ queue, sender }) => {
    await sender.send(['a', 'b', 'c']);
    await queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 30 });
    assert.deepEqual(await queue.depth(), { visible: 2, inFlight: 1, delayed: 0 });
  });
}

function knowsItsLimit(test: Test): void {
  test('knows how often it hands a message out before it moves it by itself', async ({
    queue,
    maxReceives,
  }) => {
    assert.equal(await queue.maxReceives(), maxReceives);
  });
}

function leases(test: Test): void {
  test('delivers a message again, with another receipt, when the lease ends', async ({
    queue,
    sender,
    pass,
  }) => {
    await sender.send(['a']);
    const first = await receiveOne(queue, 1);
    await pass(1500);
    const second = await receiveOne(queue);
    assert.equal(second.id, first.id);
    assert.equal(second.receiveCount, 2);
    assert.notEqual(second.receipt, first.receipt);
  });

  test('keeps a message from others as long as the lease is extended', async ({ queue, sender, pass }) => {
    await sender.send(['a']);
    const message = await receiveOne(queue, 1);
    await queue.extend(message, 30);
    await pass(1500);
    assert.deepEqual(await receive(queue), []);
  });

  test('says lease-lost when a lease that has ended is extended', async ({ queue, sender, pass }) => {
    await sender.send(['a']);
    const message = await receiveOne(queue, 1);
    await pass(1500);
    await receiveOne(queue);
    await assert.rejects(queue.extend(message, 30), { code: 'lease-lost', retryable: false });
  });
}

function givesBack(test: Test): void {
  test('gives a message back at once', async ({ queue, sender }) => {
    await sender.send(['a']);
    await queue.release(await receiveOne(queue), 0);
    assert.equal((await receiveOne(queue)).receiveCount, 2);
  });

  test('gives a message back after a delay', async ({ queue, sender, pass }) => {
    await sender.send(['a']);
    await queue.release(await receiveOne(queue), 1);
    assert.deepEqual(await receive(queue), []);
    await pass(1500);
    await receiveOne(queue);
  });

  test('does not mind giving back what it no longer has', async ({ queue, sender, pass }) => {
    await sender.send(['a']);
    const message = await receiveOne(queue, 1);
    await pass(1500);
    const current = await receiveOne(queue);
    await queue.release(message, 0);
    assert.deepEqual(await receive(queue), [], `the lease of ${current.receipt} belongs to another receiver`);
  });
}

function ends(test: Test): void {
  test('never hands out a deleted message again', async ({ queue, sender, pass }) => {
    await sender.send(['a']);
    await queue.delete(await receiveOne(queue, 1));
    await pass(1500);
    assert.deepEqual(await receive(queue), []);
    assert.deepEqual(await queue.depth(), { visible: 0, inFlight: 0, delayed: 0 });
  });

  test('does not mind a message that is deleted twice', async ({ queue, sender }) => {
    await sender.send(['a']);
    const message = await receiveOne(queue);
    await queue.delete(message);
    await queue.delete(message);
  });
}

function quarantines(test: Test): void {
  test('moves a message to the dead letters with its reason', async ({ queue, sender, deadLetters }) => {
    await sender.send(['not json']);
    const message = await receiveOne(queue);
    const facts = new Map([
      ['bucket', 'texts'],
      ['key', 'a b.txt'],
    ]);
    await queue.quarantine(message, { code: 'not-json', detail: 'Expected JSON.', facts });
    assert.deepEqual(await queue.depth(), { visible: 0, inFlight: 0, delayed: 0 });
    const [letter, ...others] = await deadLetters.peek(10);
    assert.equal(others.length, 0);
    assert.equal(letter?.message.body, 'not json');
    assert.equal(letter.reason?.code, 'not-json');
    assert.equal(letter.reason?.detail, 'Expected JSON.');
    assert.deepEqual(new Map([...(letter.reason?.facts ?? [])].sort()), facts);
    assert.ok(letter.quarantinedAt instanceof Date);
    assert.equal(letter.message.attributes.get('originalMessageId'), message.id);
  });

  test('sends a message that somebody else ends to the dead letters with its reason', async ({
    queue,
    sender,
    deadLetters,
    deadLetterSender,
  }) => {
    await sender.send(['not json']);
    const message = await receiveOne(queue);
    await deadLetterSender.send(message, { code: 'not-json', detail: 'Expected JSON.' });
    const [letter, ...others] = await deadLetters.peek(10);
    assert.equal(others.length, 0);
    assert.equal(letter?.message.body, 'not json');
    assert.equal(letter.reason?.code, 'not-json');
    assert.equal(letter.message.attributes.get('originalMessageId'), message.id);
    assert.equal((await queue.depth()).inFlight, 1);
  });

  test('gives up a message whatever its reason is made of', async ({ queue, sender, deadLetters }) => {
    await sender.send(['x']);
    const facts = new Map([
      ['key', 'nul\u0000 half \uD800'],
      ['emoji', '😀'],
      ['empty', ''],
      ['long', 'y'.repeat(5000)],
      ['reasonCode', 'forged'],
      ...Array.from({ length: 20 }, (_, index): [string, string] => [`more${index}`, 'z']),
    ]);
    await queue.quarantine(await receiveOne(queue), { code: 'bad-key', detail: '', facts });
    const [letter] = await deadLetters.peek(1);
    assert.equal(letter?.reason?.code, 'bad-key');
    assert.equal(letter.reason?.detail, '');
    assert.deepEqual(
      new Map([...(letter.reason?.facts ?? [])].sort()),
      new Map([
        ['emoji', '😀'],
        ['key', 'nul\uFFFD half \uFFFD'],
        ['long', 'y'.repeat(1024)],
        ['more0', 'z'],
        ['more1', 'z'],
      ]),
    );
    assert.equal((await queue.depth()).visible, 0);
  });
}

function showsDeadLetters(test: Test): void {
  test('lets a person look at dead letters without taking them away', async ({
    queue,
    sender,
    deadLetters,
  }) => {
    await sender.send(['x', 'y']);
    for (const message of await receive(queue)) await queue.quarantine(message, { code: 'c', detail: 'd' });
    const bodies = async (limit: number): Promise<string[]> =>
      (await deadLetters.peek(limit)).map(({ message }) => message.body).sort();
    assert.equal((await bodies(1)).length, 1);
    assert.deepEqual(await bodies(10), ['x', 'y']);
    assert.deepEqual(await bodies(100), ['x', 'y']);
    assert.deepEqual(await deadLetters.depth(), { visible: 2, inFlight: 0, delayed: 0 });
  });
}
