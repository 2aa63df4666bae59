import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { createJobMetrics } from './metrics.ts';

type Document = Readonly<Record<string, unknown>>;

function setUp() {
  const documents: Document[] = [];
  const metrics = createJobMetrics({
    clock: createManualClock(new Date(1_000_000)),
    write: (document) => documents.push(document),
  });
  return { documents, metrics };
}

describe(createJobMetrics, () => {
  it('reports under frozen names, in the embedded metric format', () => {
    const { documents, metrics } = setUp();
    metrics.observe({ outcome: 'counted', bytes: 10, words: 2, durationMs: 5 }, 100);
    metrics.observe({ outcome: 'counted', bytes: 20, words: 4, durationMs: 7 }, 200);
    metrics.observe({ outcome: 'failed:not-text', bytes: 0, words: 0, durationMs: 1 }, 300);
    metrics.observe({ outcome: 'test-event' });
    metrics.report({ inFlight: 3 });
    const described = (names: Record<string, string>, dimensions: string[]) => ({
      Timestamp: 1_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'WordFreq',
          Dimensions: [dimensions],
          Metrics: Object.entries(names).map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    });
    const jobs = described({ Jobs: 'Count' }, ['service', 'Outcome']);
    const service = 'wordfreq-worker';
    expect(documents).toEqual([
      { _aws: jobs, service, Outcome: 'counted', Jobs: 2 },
      { _aws: jobs, service, Outcome: 'failed', Jobs: 1 },
      { _aws: jobs, service, Outcome: 'test-event', Jobs: 1 },
      {
        _aws: described(
          {
            ReceiveToResult: 'Milliseconds',
            Bytes: 'Bytes',
            Words: 'Count',
            Duration: 'Milliseconds',
            InFlight: 'Count',
          },
          ['service'],
        ),
        service,
        ReceiveToResult: [100, 200, 300],
        Bytes: [10, 20],
        Words: [2, 4],
        Duration: [5, 7],
        InFlight: [3],
      },
    ]);
  });

  it('never puts more values into a document than CloudWatch takes, and loses none', () => {
    const { documents, metrics } = setUp();
    for (let job = 0; job < 1234; job += 1)
      metrics.observe({ outcome: 'counted', bytes: 1, words: 1, durationMs: 1 }, 1);
    metrics.report({ inFlight: 0 });
    for (const name of ['Bytes', 'Words', 'Duration', 'ReceiveToResult']) {
      const lists = documents.map((document) => (document[name] ?? []) as number[]);
      expect(Math.max(...lists.map((list) => list.length))).toBeLessThanOrEqual(100);
      expect(lists.flat()).toHaveLength(1234);
    }
  });

  it('reports nothing twice', () => {
    const { documents, metrics } = setUp();
    metrics.observe({ outcome: 'gone' });
    metrics.report({ inFlight: 0 });
    documents.length = 0;
    metrics.report({ inFlight: 0 });
    expect(documents).toEqual([expect.objectContaining({ InFlight: [0] })]);
  });
});
