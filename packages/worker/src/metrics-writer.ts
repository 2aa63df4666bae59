import { pino } from 'pino';
import type { WorkerConfig } from './config.ts';

/** Writes metrics to standard output as lines of their own, which CloudWatch finds by their shape, whatever is logged beside them. */
export function metricsWriter(
  logLevel: WorkerConfig['LOG_LEVEL'],
): (document: Readonly<Record<string, unknown>>) => void {
  const level = logLevel === 'silent' ? 'silent' : 'info';
  const lines = pino({ level, base: null, timestamp: false, formatters: { level: () => ({}) } });
  return (document) => lines.info(document);
}
