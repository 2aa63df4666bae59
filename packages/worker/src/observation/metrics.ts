import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import type { RecordOutcome } from '../jobs/record-outcome.ts';

/** Where the metrics are, in CloudWatch. Part of the public contract, as are the names below. */
const METRICS_NAMESPACE = 'WordFreq';

/**
 * The value of `service`, a dimension of each metric and a field of each log line. The copy Lambda's metrics
 * and log lines have it under the same name, so that one graph and one query of Logs Insights find both.
 */
export const SERVICE_NAME = 'wordfreq-worker';

/**
 * Every metric, and its unit.
 *
 * | name | dimensions | meaning |
 * |---|---|---|
 * | `Jobs` | `service`, `Outcome` | records that ended; the outcome without what follows its colon |
 * | `Bytes`, `Words` | `service` | of each text that was counted |
 * | `Duration` | `service` | from the first look at the object to the end of its text |
 * | `ReceiveToResult` | `service` | from the sending of the message to the outcome: what an uploader waits for |
 * | `InFlight` | `service` | received messages that have not ended, at each report |
 */
const METRIC_UNITS = {
  Jobs: 'Count',
  Bytes: 'Bytes',
  Words: 'Count',
  Duration: 'Milliseconds',
  ReceiveToResult: 'Milliseconds',
  InFlight: 'Count',
} as const;

/** A metric's name. */
type MetricName = keyof typeof METRIC_UNITS;

/** One document in CloudWatch's embedded metric format, to be logged as one line. */
export type MetricsDocument = Readonly<Record<string, unknown>>;

/** How to report. */
interface JobMetricsOptions {
  readonly write: (document: MetricsDocument) => void;
  readonly clock: Pick<Clock, 'now'>;
  /** The dimension `service`. Default: {@link SERVICE_NAME}. */
  readonly service?: string;
}

/** Collects what happens to jobs, and reports it as few log lines. */
export interface JobMetrics {
  /** Adds the outcome of one record. `ageMs` is how long ago its message was sent. */
  observe(record: RecordOutcome, ageMs?: number): void;
  /** Reports what has been collected. Nothing is reported twice. */
  report(gauges: { readonly inFlight: number }): void;
}

/**
 * The most values of one metric that CloudWatch accepts in one document ("Embedded metric format
 * specification").
 */
const MAX_VALUES = 100;

/** Creates job metrics. They are reported when a document is full, and otherwise on request. */
export function createJobMetrics(options: JobMetricsOptions): JobMetrics {
  const jobs = new Map<string, number>();
  const values = new Map<MetricName, number[]>();

  function collect(name: MetricName, value: number): void {
    const collected = values.get(name) ?? [];
    values.set(name, collected);
    collected.push(value);
    if (collected.length >= MAX_VALUES) reportValues();
  }

  function reportValues(): void {
    if (values.size === 0) return;
    options.write(documentOf(options, new Map(), values));
    values.clear();
  }

  return {
    observe({ outcome, bytes, words, durationMs }, ageMs) {
      const kind = outcome.replace(/:.*/s, '');
      jobs.set(kind, (jobs.get(kind) ?? 0) + 1);
      if (ageMs !== undefined) collect('ReceiveToResult', ageMs);
      if (kind !== 'counted' && kind !== 'empty') return;
      collect('Bytes', bytes ?? 0);
      collect('Words', words ?? 0);
      collect('Duration', durationMs ?? 0);
    },
    report({ inFlight }) {
      for (const [outcome, count] of jobs) {
        options.write(documentOf(options, new Map([['Outcome', outcome]]), new Map([['Jobs', count]])));
      }
      jobs.clear();
      values.set('InFlight', [inFlight]);
      reportValues();
    },
  };
}

function documentOf(
  { clock, service = SERVICE_NAME }: JobMetricsOptions,
  more: ReadonlyMap<string, string>,
  values: ReadonlyMap<MetricName, number | readonly number[]>,
): MetricsDocument {
  const dimensions = new Map([['service', service], ...more]);
  return {
    _aws: {
      Timestamp: clock.now().getTime(),
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [[...dimensions.keys()]],
          Metrics: [...values.keys()].map((Name) => ({ Name, Unit: METRIC_UNITS[Name] })),
        },
      ],
    },
    ...Object.fromEntries(dimensions),
    ...Object.fromEntries(values),
  };
}
