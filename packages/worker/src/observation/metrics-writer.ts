import { destination } from 'pino';
import type { WorkerConfig } from '../config.ts';
import type { MetricsDocument } from './metrics.ts';

/** Writes metrics to standard output as lines of their own, which CloudWatch finds by their shape, whatever is logged beside them. */
export function metricsWriter(logLevel: WorkerConfig['LOG_LEVEL']): (document: MetricsDocument) => void {
  if (logLevel === 'silent') return () => undefined;
  const output = destination({ sync: true });
  return (document) => output.write(`${JSON.stringify(document)}\n`);
}
