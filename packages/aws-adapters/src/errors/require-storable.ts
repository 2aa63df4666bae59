import type { JobResult } from '../ports/index.ts';
import { recordProblem } from '../rules/job-record.ts';
import { AdapterError } from './adapter-error.ts';

/**
 * Refuses a result that no store could keep, before anything is written.
 *
 * @throws `invalid`
 */
export function requireStorable(result: JobResult): void {
  const problem = recordProblem(result);
  if (problem !== undefined) throw new AdapterError('invalid', problem, { object: result.object });
}
