import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createManualClock, createMemoryResultStore } from '@org/wordfreq-aws-adapters/memory';
import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { type PipelineSnapshot, type WatchOptions, watchPipeline } from '../pipeline/watch-pipeline.ts';

const result = (jobId: string, second: number, more: Partial<StoredResult> = {}): StoredResult =>
  sampleResult({ jobId, finishedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)), ...more });

/** Takes one snapshot after each of several changes of the store. */
async function watch(
  changes: readonly (readonly StoredResult[])[],
  more: Partial<WatchOptions> = {},
): Promise<readonly PipelineSnapshot[]> {
  const clock = createManualClock();
  const results = createMemoryResultStore({ clock });
  const stop = new AbortController();
  const snapshots: PipelineSnapshot[] = [];
  const apply = async (): Promise<void> => {
    for (const each of changes[snapshots.length] ?? []) {
      await clock.advance(1);
      await results.save(each);
    }
  };
  const options: WatchOptions = {
    results,
    intervalMs: 1000,
    keep: 3,
    clock,
    signal: stop.signal,
    onProblem: () => undefined,
    ...more,
  };
  await apply();
  const done = (async () => {
    for await (const snapshot of watchPipeline(options)) {
      snapshots.push(snapshot);
      if (snapshots.length === changes.length) stop.abort();
      else await apply();
    }
  })();
  // It may fail while time passes; whoever awaits it hears of that.
  done.catch(() => undefined);
  let over = false;
  void done
    .catch(() => undefined)
    .finally(() => {
      over = true;
    });
  while (!over) {
    await clock.advanceToNext();
    await new Promise(setImmediate);
  }
  await done;
  return snapshots;
}

const freshIds = (snapshots: readonly PipelineSnapshot[]): string[][] =>
  snapshots.map(({ fresh }) => fresh.map(({ jobId }) => jobId));

describe(watchPipeline, () => {
  it('counts what is done and what failed, and keeps the newest', async () => {
    const all = [result('a', 1), result('b', 4, { outcome: 'failed:x' }), result('c', 2), result('d', 3)];
    const [snapshot] = await watch([all]);
    expect(snapshot).toMatchObject({ done: 3, failed: 1, fresh: [] });
    expect(snapshot?.latest.map(({ jobId }) => jobId)).toEqual(['d', 'c', 'b']);
  });

  it.each([
    [{}, [false, false]],
    [{ words: true }, [false, true]],
  ])(
    'reads words that are kept apart only of results that are new, and only when it shows them: %j',
    async (more, expected) => {
      const results = createMemoryResultStore();
      const asked: unknown[] = [];
      const records: typeof results.records = (entries, options) => {
        if (entries.length > 0) asked.push(options?.wordsKeptApart);
        return results.records(entries, options);
      };
      const stop = new AbortController();
      let looks = 0;
      for await (const _ of watchPipeline({
        results: { ...results, records },
        intervalMs: 1,
        keep: 3,
        clock: systemClock,
        signal: stop.signal,
        onProblem: () => undefined,
        ...more,
      })) {
        looks += 1;
        if (looks === 1) await results.save(result('a', 1));
        else stop.abort();
      }
      expect(asked).toEqual(expected);
    },
  );

  it('tells of each result once, the oldest first', async () => {
    expect(freshIds(await watch([[result('a', 1)], [result('b', 2), result('c', 3)], []]))).toEqual([
      [],
      ['b', 'c'],
      [],
    ]);
  });

  it('tells of an outcome that took the place of a failure', async () => {
    const failed = result('a', 1, { outcome: 'failed:throttled' });
    expect(freshIds(await watch([[failed], [result('a', 2)]]))).toEqual([[], ['a']]);
  });

  it('tells of the first result of an empty table', async () => {
    expect(freshIds(await watch([[], [result('a', 1)]]))).toEqual([[], ['a']]);
  });

  const failing = (looks: number, code: string, retryable: boolean) => {
    let left = looks;
    return async () => {
      left -= 1;
      if (left < 0) throw Object.assign(new Error(`failed: ${code}`), { code, retryable });
      return { visible: 0, inFlight: 0, delayed: 0 };
    };
  };

  it('goes on after a look that failed in a way that may pass, ten times in a row at most', async () => {
    const problems: string[] = [];
    const readings = Array.from({ length: 30 }, () => []);
    const done = watch(readings, {
      jobs: { depth: failing(2, 'throttled', true) },
      onProblem: ({ message }) => problems.push(message),
    });
    await expect(done).rejects.toThrow('failed: throttled');
    expect(problems).toHaveLength(10);
  });

  it.each([
    ['the very first look', 0, true],
    ['a look that will never succeed', 1, false],
  ])('ends with what makes %s fail', async (_, looks, retryable) => {
    const done = watch([[], []], { jobs: { depth: failing(looks, 'x', retryable) } });
    await expect(done).rejects.toThrow('failed: x');
  });

  it('rests four times as long as a slow reading took', async () => {
    const clock = createManualClock();
    const stop = new AbortController();
    const at: number[] = [];
    const results = createMemoryResultStore({ clock });
    const snapshots = watchPipeline({
      results: {
        ...results,
        async *between(...range) {
          await clock.sleep(5000);
          if (at.length === 2) stop.abort();
          yield* results.between(...range);
        },
      },
      intervalMs: 1000,
      keep: 1,
      clock,
      signal: stop.signal,
      onProblem: () => undefined,
    });
    const done = (async () => {
      for await (const _ of snapshots) at.push(clock.monotonicMs());
    })();
    let over = false;
    void done.finally(() => {
      over = true;
    });
    while (!over) {
      await clock.advanceToNext();
      await new Promise(setImmediate);
    }
    expect(at.slice(0, 2)).toEqual([5000, 30_000]);
  });
});

describe('wordfreq watch', () => {
  const embedded = useEmbeddedCloud();

  it('prints one line of counts, and ends, when asked to look once', async () => {
    const { finish, put, run, send, resources } = embedded();
    await finish(await put('a.txt'));
    await finish(await put('b.txt'), { outcome: 'failed:not-text' });
    await send(resources.jobsQueueUrl, '{}');
    const { lines, exitCode } = await run(['watch', '--once']);
    expect([exitCode, lines]).toEqual([0, ['queued 1  in flight 0  done 1  failed 1  dead letters 0']]);
  });

  it('ends when nothing waits', async () => {
    const { run } = embedded();
    const { lines } = await run(['watch', '--until-idle', '--json']);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { type: 'counts', at: expect.any(String), queued: 0, inFlight: 0, done: 0, failed: 0, deadLetters: 0 },
    ]);
  });

  it('prints a line of JSON for each change until it is interrupted, and then ends well', async () => {
    const { finish, put, run } = embedded();
    const stop = new AbortController();
    const { memoryTerminal } = await import('../../test/support/memory-terminal.ts');
    const seen: Record<string, unknown>[] = [];
    const terminal = {
      ...memoryTerminal(),
      line(text = '') {
        seen.push(JSON.parse(text));
        if (seen.length === 1) void put('a.txt').then((object) => finish(object));
        if (seen.length === 3) stop.abort();
      },
    };
    const { exitCode } = await run(['watch', '--json', '--interval', '50ms'], {
      terminal,
      signal: stop.signal,
    });
    expect(exitCode).toBe(0);
    expect(seen.map(({ type }) => type)).toEqual(['counts', 'result', 'counts']);
    expect(seen[1]).toMatchObject({
      key: 'a.txt',
      outcome: 'counted',
      top: [
        { word: 'two', count: 2 },
        { word: 'one', count: 1 },
      ],
    });
    expect(seen[2]).toMatchObject({ done: 1 });
  });

  it('draws over its own lines on a screen', async () => {
    const { finish, put, run } = embedded();
    await finish(await put('a.txt'));
    const stop = new AbortController();
    const { memoryTerminal } = await import('../../test/support/memory-terminal.ts');
    const drawn: (readonly string[])[] = [];
    const terminal = {
      ...memoryTerminal(),
      redraws: true,
      redraw(lines: readonly string[]) {
        drawn.push(lines);
        if (drawn.length === 2) stop.abort();
      },
    };
    await run(['watch', '--interval', '50ms'], { terminal, signal: stop.signal });
    expect(drawn.map((lines) => lines[2])).toEqual(
      Array(2).fill(expect.stringMatching(/^✔ a\.txt +counted/)),
    );
  });
});
