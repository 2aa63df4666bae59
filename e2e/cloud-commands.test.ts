import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInShell } from './support/run-in-shell.ts';
import { until } from './support/until.ts';
import { NOT_TEXT, READY, useBackgroundPipeline } from './support/use-background-pipeline.ts';

/** What a person does in another terminal while `wordfreq local` runs, in this order. */
const pipeline = useBackgroundPipeline('', {
  'texts/good.txt': 'to be or not to be',
  'texts/sub/红楼+梦 %2B.txt': '红楼梦',
  'texts/empty.txt': '',
  'texts/bad.txt': NOT_TEXT,
});
const { wordfreq, json } = pipeline;

describe('the commands on a local pipeline in the background', () => {
  it('starts, and prints what a shell needs', () => {
    expect(pipeline.started).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('kill "$WORDFREQ_LOCAL_PID"'),
    });
    expect(pipeline.started.stdout.trimEnd()).toBe(
      readFileSync(join(pipeline.folder, READY), 'utf8').trimEnd(),
    );
    expect(pipeline.started.stdout).toMatch(/^export JOBS_QUEUE_URL='http:/m);
  });

  it('uploads a folder and waits for its own results', async () => {
    const { exitCode, stdout, stderr } = await wordfreq('wordfreq upload texts --wait --timeout 2m');
    expect(stdout).toMatch(/✔ good\.txt +counted +6 words/);
    expect(stdout).toMatch(/✔ empty\.txt +empty/);
    expect(stdout).toMatch(/✗ bad\.txt +failed:not-text/);
    expect(stdout).toMatch(/✔ sub\/红楼\+梦 %2B\.txt +counted/);
    expect(stdout).toContain('4 uploaded, 327 B · 3 done · 1 failed');
    expect(stderr).toContain('empty.txt is empty');
    expect(exitCode).toBe(1);
  });

  it('knows the result of an upload in parts, whose copy has another ETag', async () => {
    writeFileSync(join(pipeline.folder, 'large.txt'), Buffer.alloc(9 * 1024 * 1024, 'one two three '));
    const report = await json<{ files: unknown[] }>('wordfreq upload large.txt --wait --json');
    expect(report.files).toMatchObject([
      { eTag: expect.stringMatching(/-2$/), result: { outcome: 'counted', bytes: 9 * 1024 * 1024 } },
    ]);
  });

  it('overwrites nothing silently', async () => {
    const { exitCode, stdout } = await wordfreq('wordfreq upload texts/good.txt');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('The key is taken')]);
  });

  it('leaves every message in the results queue', async () => {
    const messages = await json<{ received: number }>(
      `"${process.execPath}" --input-type=module -e '
        const { SQSClient, GetQueueAttributesCommand } = await import("${import.meta.resolve('@aws-sdk/client-sqs')}");
        const { Attributes } = await new SQSClient({}).send(new GetQueueAttributesCommand({
          QueueUrl: process.env.RESULTS_QUEUE_URL, AttributeNames: ["All"] }));
        console.log(JSON.stringify({ received: Number(Attributes.ApproximateNumberOfMessages) }));'`,
    );
    expect(messages.received).toBe(5);
  });

  it.each([
    ['good.txt', 'counted', 0],
    ['bad.txt', 'failed:not-text', 0],
    ['empty.txt', 'empty', 0],
    ['sub/红楼+梦 %2B.txt', 'counted', 0],
    ['nowhere.txt', 'unknown', 1],
  ])('explains %s as %s', async (key, state, exitCode) => {
    const run = await wordfreq(`wordfreq explain '${key}' --json`);
    expect([run.exitCode, JSON.parse(run.stdout)]).toMatchObject([exitCode, { key, state }]);
  });

  it('shows results, also as CSV', async () => {
    const { stdout } = await wordfreq('wordfreq results good.txt --format csv | tail -n +2 | cut -d, -f3,4');
    expect(stdout).toBe('be,2\nto,2\nnot,1\nor,1\n');
    const { stdout: all } = await wordfreq('wordfreq results');
    expect(all.trimEnd().split('\n')).toHaveLength(6);
  });

  it('lists, shows and sends back dead letters', async () => {
    type Listed = { readonly letters: readonly { readonly id: string; readonly key: string }[] };
    const { letters } = await json<Listed>('wordfreq dlq list --json');
    expect(letters).toMatchObject([{ key: 'bad.txt', code: 'not-text', queue: 'jobs' }]);
    const id = letters[0]?.id ?? '';
    expect((await wordfreq(`wordfreq dlq show ${id.slice(0, 8)}`)).stdout).toMatch(/Reason +not-text/);
    expect((await wordfreq('wordfreq dlq redrive --dry-run')).stdout).toContain('1 would be sent back.');
    expect((await wordfreq('wordfreq dlq redrive')).stdout).toBe('1 of 1 sent back.\n');
    // It is not text still: it comes back as another letter.
    await until('the letter is back', async () => {
      const [letter] = (await json<Listed>('wordfreq dlq list --json')).letters;
      return letter !== undefined && letter.id !== id;
    });
    expect((await wordfreq('wordfreq dlq purge --yes')).stdout).toBe('1 of 1 deleted.\n');
  });

  it('finds nothing missing, and counts all of it again', async () => {
    const found = await wordfreq('wordfreq reconcile');
    expect([found.exitCode, found.stdout]).toEqual([
      0,
      'wordfreq-uploading: 5 uploads: 5 copied, 0 missing\nwordfreq-processing: 5 objects: 5 with an outcome, 0 missing\n',
    ]);
    const filled = await wordfreq(
      'wordfreq backfill --all --rate 100 --state state.json && wordfreq watch --until-idle',
    );
    expect(filled.exitCode).toBe(0);
    expect(filled.stdout).toMatch(
      /^5 sent, 0 had an outcome\n[\s\S]*queued 0 {2}in flight 0 {2}done 4 {2}failed 1/,
    );
  });

  it('watches in a pipe, and ends when nobody reads any more', async () => {
    // A closed pipe is noticed with the next line, as by every program.
    const { exitCode, stdout, stderr } = await wordfreq(
      'wordfreq watch --json --interval 100ms | head -1 & wordfreq upload large.txt --prefix again/ --wait >&2; wait $!',
    );
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('1 uploaded')]);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'counts', done: 4, failed: 1 });
  });

  it.each([
    ['wordfreq reconcile --bucket nowhere', 3, 'wordfreq: there is no bucket nowhere\n'],
    ['wordfreq results --results-table nothing', 3, 'wordfreq: there is no table nothing\n'],
    [
      'wordfreq dlq list --dead-letter-queue-url x',
      2,
      'wordfreq: expected --dead-letter-queue-url or DEAD_LETTER_QUEUE_URL',
    ],
    ['wordfreq upload nope.txt', 3, 'wordfreq: nope.txt does not exist\n'],
    ['wordfreq dlq purge', 2, 'wordfreq: this cannot be undone'],
    ['RESULTS_TABLE= wordfreq results', 2, 'wordfreq: no results table was named\n'],
  ])('says what is wrong in a sentence and a hint: %s', async (line, exitCode, begin) => {
    writeFileSync(join(pipeline.folder, 'texts', 'bad.txt'), 'x');
    const run = await wordfreq(line);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr.startsWith(begin), run.stderr).toBe(true);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});

describe('wordfreq local, for programs', () => {
  it('prints a line of JSON for each event, and counts samples', async () => {
    const { exitCode, stdout } = await runInShell(
      'wordfreq local --json --samples texts --exit --port 0 --aws-port 0 --dynamodb-port 0 2> log',
      { cwd: pipeline.folder },
    );
    expect(exitCode).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.map(({ type }) => type)).toEqual(['up', 'result', 'result', 'result', 'result', 'summary']);
    expect(Object.keys(events[0] ?? {})).toEqual([
      'type',
      'pid',
      'page',
      'endpoints',
      'readyFile',
      'environment',
    ]);
    expect(Object.keys(events.at(-1) ?? {})).toEqual([
      'type',
      'files',
      'bytes',
      'words',
      'elapsedMs',
      'failures',
      'countedBefore',
      'missing',
      'deadLetters',
    ]);
  });

  it('says in the foreground why it did not come up in the background', async () => {
    const run = await wordfreq(
      'wordfreq local --detach --port 0 --aws-port "$(echo "$AWS_ENDPOINT_URL_S3" | cut -d: -f3)"',
    );
    expect(run).toMatchObject({ exitCode: 3, stdout: '' });
    expect(run.stderr).toMatch(
      /^wordfreq: the pipeline ended before it was up: port \d+ is taken, .* machine\. Stop .* --aws-port 0 picks a free one\./,
    );
  });
});
