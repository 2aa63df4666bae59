import { describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import type { DeadLetterView } from '../pipeline/dead-letters/dead-letters.ts';
import { jobBody } from '../pipeline/objects/job-for-object.ts';

const embedded = useEmbeddedCloud();

interface Listed {
  readonly letters: readonly DeadLetterView[];
  readonly unread: number;
}

const object = (key: string, bucket = embedded().resources.processingBucket) => ({
  bucket,
  key,
  eTag: `e-${key}`,
  sizeBytes: 1,
  lastModified: new Date(0),
});

/** A job that a worker gave up. */
async function bury(key: string, code = 'not-text', queueUrl = embedded().resources.deadLettersQueueUrl) {
  const facts = new Map([
    ['bucket', embedded().resources.processingBucket],
    ['key', key],
    ['jobId', `job-${key}`],
  ]);
  await embedded().bury(queueUrl, jobBody(object(key), 'us-east-1'), {
    code,
    detail: `About ${key}.`,
    facts,
  });
}

const list = async (...args: string[]): Promise<Listed> =>
  (await embedded().run(['dlq', 'list', '--json', ...args])).json();

describe('wordfreq dlq list', () => {
  it('prints JSON whose names are public contract', async () => {
    await bury('a.txt');
    const { letters, unread } = await list();
    expect(unread).toBe(0);
    expect(letters).toEqual([
      {
        queue: 'jobs',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        code: 'not-text',
        detail: 'About a.txt.',
        meaning: expect.stringMatching(/\.$/),
        hint: expect.stringMatching(/\.$/),
        bucket: embedded().resources.processingBucket,
        key: 'a.txt',
        version: 'e-a.txt',
        jobId: 'job-a.txt',
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        receiveCount: 1,
        bodyBytes: expect.any(Number),
      },
    ]);
  });

  it('says itself that looking counts as a receive, and hides nothing afterwards', async () => {
    await bury('a.txt');
    await list();
    expect((await list()).letters[0]?.receiveCount).toBe(2);
  });

  it('filters by reason and by key', async () => {
    await bury('a/1.txt', 'not-text');
    await bury('a/2.txt', 'access-denied');
    await bury('b/1.txt', 'access-denied');
    const keys = async (...args: string[]) => (await list(...args)).letters.map(({ key }) => key).sort();
    expect(await keys('--reason', 'access-denied')).toEqual(['a/2.txt', 'b/1.txt']);
    expect(await keys('--reason', 'access-denied,not-text', '--prefix', 'a/')).toEqual([
      'a/1.txt',
      'a/2.txt',
    ]);
    expect(await keys('--reason', 'internal')).toEqual([]);
  });

  it('shows the uploads’ own queue, and what queues gave up themselves', async () => {
    const { send, createQueue, resources } = embedded();
    const uploadsUrl = await createQueue('uploads-dead');
    await send(uploadsUrl, jobBody(object('up.txt', resources.uploadingBucket), 'us-east-1'));
    await bury('job.txt');
    const { letters } = await list('--uploads-dead-letter-queue-url', uploadsUrl);
    expect(letters.map(({ queue, code, key }) => [queue, code, key]).sort()).toEqual([
      ['jobs', 'not-text', 'job.txt'],
      ['uploads', 'received-too-often', 'up.txt'],
    ]);
  });

  it('makes hostile keys and reasons harmless, within 80 columns, and explains each reason once', async () => {
    await bury('a\u202e.txt');
    await bury(`${'红'.repeat(60)}.txt`);
    const { lines } = await embedded().run(['dlq', 'list']);
    const text = lines.join('\n');
    expect(text).toContain('a‹U+202E›.txt');
    expect(text.match(/The bytes are not text/g)).toHaveLength(1);
    const { default: stringWidth } = await import('string-width');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
  });

  it('says that there is nothing', async () => {
    expect((await embedded().run(['dlq', 'list'])).lines).toEqual(['No dead letters.']);
  });
});

describe('wordfreq dlq show', () => {
  it('shows a letter and its message by the beginning of its id', async () => {
    await bury('a.txt');
    const [letter] = (await list()).letters;
    const shown: Record<string, unknown> = (
      await embedded().run(['dlq', 'show', letter?.id.slice(0, 8) ?? '', '--json'])
    ).json();
    expect(shown).toMatchObject({
      id: letter?.id,
      facts: { key: 'a.txt' },
      body: jobBody(object('a.txt'), 'us-east-1'),
    });
    const { lines } = await embedded().run(['dlq', 'show', letter?.id ?? '']);
    expect(lines.join('\n')).toMatch(/Reason +not-text[\s\S]*What to do[\s\S]*"Records"/);
  });

  it('says that there is no such letter', async () => {
    await expect(embedded().run(['dlq', 'show', 'zzz'])).rejects.toMatchObject({
      code: 'no-such-letter',
      exitCode: 1,
    });
  });

  it('asks for more of an id that several have', async () => {
    // Of 17 ids two begin with the same digit.
    for (let index = 0; index < 17; index += 1) await bury(`${index}.txt`);
    const digits = (await list()).letters.map(({ id }) => id.charAt(0));
    const twice = digits.find((digit, index) => digits.indexOf(digit) !== index) ?? '';
    await expect(embedded().run(['dlq', 'show', twice])).rejects.toMatchObject({ code: 'ambiguous-id' });
  });
});

describe('wordfreq dlq redrive', () => {
  it('sends nothing in a rehearsal', async () => {
    await bury('a.txt');
    const { lines, exitCode } = await embedded().run(['dlq', 'redrive', '--dry-run']);
    expect([exitCode, lines.at(-1)]).toEqual([0, '1 would be sent back.']);
    expect(await embedded().take(embedded().resources.jobsQueueUrl)).toEqual([]);
    expect((await list()).letters).toHaveLength(1);
  });

  it.each([[['redrive', 'zzz']], [['redrive', 'zzz', '--dry-run']], [['purge', 'zzz', '--yes']]])(
    'says of %j that there is no such letter, and that nothing was done',
    async (args) => {
      await bury('a.txt');
      const terminal = memoryTerminal();
      await expect(embedded().run(['dlq', ...args], { terminal })).rejects.toMatchObject({
        code: 'no-such-letter',
        exitCode: 1,
      });
      expect(terminal.lines).toEqual([]);
    },
  );

  it('says that there are none', async () => {
    const { lines, exitCode } = await embedded().run(['dlq', 'redrive', '--reason', 'not-text']);
    expect([exitCode, lines]).toEqual([0, ['No dead letters.']]);
  });

  it('sends back what has a reason, and leaves the rest', async () => {
    await bury('a.txt', 'access-denied');
    await bury('b.txt', 'not-text');
    const { run, take, resources } = embedded();
    const answer: Record<string, unknown> = (
      await run(['dlq', 'redrive', '--reason', 'access-denied', '--json'])
    ).json();
    expect(Object.keys(answer)).toEqual(['redriven', 'dryRun', 'letters', 'unread']);
    expect(answer).toMatchObject({ redriven: 1, dryRun: false, letters: [{ key: 'a.txt' }] });
    expect(await take(resources.jobsQueueUrl)).toEqual([jobBody(object('a.txt'), 'us-east-1')]);
    expect((await list()).letters.map(({ key }) => key)).toEqual(['b.txt']);
  });

  it('sends each to where it came from, also out of a queue that jobs and uploads share', async () => {
    const { run, send, take, resources } = embedded();
    await bury('job.txt');
    const uploadBody = jobBody(object('up.txt', resources.uploadingBucket), 'us-east-1');
    await send(resources.deadLettersQueueUrl, uploadBody);
    const redriven = await run(['dlq', 'redrive']);
    expect(redriven.lines).toEqual(['2 of 2 sent back.']);
    expect(redriven.notes).toEqual([
      expect.stringContaining('wordfreq dlq list shows those that fail again'),
    ]);
    expect(await take(resources.jobsQueueUrl)).toEqual([jobBody(object('job.txt'), 'us-east-1')]);
    expect(await take(resources.copying?.uploadsQueueUrl ?? '')).toEqual([uploadBody]);
  });

  it('keeps an upload where it is when nobody said where uploads go', async () => {
    const { run, send, environment, resources } = embedded();
    await send(
      resources.deadLettersQueueUrl,
      jobBody(object('up.txt', resources.uploadingBucket), 'us-east-1'),
    );
    const { UPLOADS_QUEUE_URL: _, ...without } = environment;
    await expect(run(['dlq', 'redrive'], { environment: without })).rejects.toMatchObject({
      code: 'not-named',
      hint: expect.stringContaining('UPLOADS_QUEUE_URL'),
    });
  });

  it('waits, if asked to, and says which are done and which failed again', async () => {
    const { run, finish, take, cloud, resources } = embedded();
    await bury('done.txt', 'access-denied');
    await bury('again.txt', 'access-denied');
    await bury('other.txt', 'not-text');
    const redriven = run(['dlq', 'redrive', '--reason', 'access-denied', '--wait', '--timeout', '25s']);
    // In the workers' place.
    const jobs: string[] = [];
    while (jobs.length < 2) jobs.push(...(await take(resources.jobsQueueUrl)));
    await finish(
      await cloud.objects.put({ bucket: resources.processingBucket, key: 'done.txt' }, Buffer.from('x')),
      {
        finishedAt: new Date(Date.now() + 60_000),
      },
    );
    await bury('again.txt', 'not-text');
    const { exitCode, lines } = await redriven;
    expect(exitCode).toBe(1);
    expect(lines[0]).toBe('2 of 2 sent back.');
    expect(lines.slice(1).sort()).toEqual([
      '✔ done.txt  counted',
      '✗ again.txt  failed again, not-text: About again.txt.',
    ]);
  });

  it('says of what has no end in time that it has none, to programs, too', async () => {
    await bury('slow.txt');
    const args = ['dlq', 'redrive', '--wait', '--timeout', '0s', '--json'];
    const { exitCode, json } = await embedded().run(args);
    expect(exitCode).toBe(1);
    expect(json()).toMatchObject({ redriven: 1, ends: [{ key: 'slow.txt', state: 'pending' }] });
  });

  it('says which id is not there', async () => {
    await bury('a.txt');
    await expect(embedded().run(['dlq', 'redrive', 'zzz'])).rejects.toMatchObject({ exitCode: 1 });
    expect((await list()).letters).toHaveLength(1);
  });
});

describe('wordfreq dlq purge', () => {
  const answering = (answer: string) => {
    const stdin = (async function* () {
      yield new TextEncoder().encode(answer);
    })();
    return Object.assign(stdin, { isTTY: true });
  };

  it('does nothing where nobody can confirm it', async () => {
    await bury('a.txt');
    await expect(embedded().run(['dlq', 'purge'])).rejects.toMatchObject({
      code: 'not-confirmed',
      exitCode: 2,
      hint: expect.stringContaining('--yes'),
    });
    expect((await list()).letters).toHaveLength(1);
  });

  it('deletes with --yes what was chosen', async () => {
    await bury('a.txt', 'not-text');
    await bury('b.txt', 'internal');
    const answer = (await embedded().run(['dlq', 'purge', '--reason', 'not-text', '--yes', '--json'])).json();
    expect(answer).toMatchObject({ purged: 1, dryRun: false, letters: [{ key: 'a.txt' }] });
    expect((await list()).letters.map(({ key }) => key)).toEqual(['b.txt']);
    expect(await embedded().take(embedded().resources.jobsQueueUrl)).toEqual([]);
  });

  it.each([
    ['y\n', 0, 0],
    ['yes\n', 0, 0],
    ['\n', 1, 1],
    ['no\n', 1, 1],
    ['', 1, 1],
  ])('asks on a screen: to %j it exits with %d', async (answer, exitCode, left) => {
    await bury('a.txt');
    const { memoryTerminal } = await import('../../test/support/memory-terminal.ts');
    const terminal = { ...memoryTerminal(), interactive: true };
    const run = await embedded().run(['dlq', 'purge'], { terminal, stdin: answering(answer) });
    expect(run.exitCode).toBe(exitCode);
    expect(terminal.notes[0]).toBe('Delete 1 dead letter for good? [y/N]');
    expect((await list()).letters).toHaveLength(left);
  });
});
