import type { Clock, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { Logger } from 'pino';
import type { RecordOutcome } from '../jobs/record-outcome.ts';
import type { CircuitBreaker } from '../queue/circuit-breaker.ts';
import { logOutcome } from './log-outcome.ts';
import type { JobMetrics } from './metrics.ts';

/** Writes log lines. */
export type WorkerLogger = Pick<Logger, 'info' | 'warn' | 'error'>;

/** What observes outcomes. */
interface OutcomeObservers {
  readonly logger: WorkerLogger;
  readonly metrics: Pick<JobMetrics, 'observe'>;
  readonly circuit: Pick<CircuitBreaker, 'observe' | 'open' | 'openCode'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Reports the outcomes of a message to the log, the metrics and the circuit breaker. */
export function observeOutcomes(
  message: QueueMessage,
  records: readonly RecordOutcome[],
  { logger, metrics, circuit, clock }: OutcomeObservers,
): void {
  const { sentAt } = message;
  const ageMs = sentAt === undefined ? undefined : Math.max(0, clock.now().getTime() - sentAt.getTime());
  for (const record of records) {
    metrics.observe(record, ageMs);
    logOutcome(logger, message, record, ageMs);
  }
  const before = circuit.openCode;
  circuit.observe(records);
  if (circuit.openCode === before) return;
  if (circuit.open)
    logger.error({ errorCode: circuit.openCode }, 'every job fails in the same way: receiving is paused');
  else logger.warn({}, 'jobs succeed again: receiving continues');
}
