import type { CodedError } from '@org/wordfreq-aws-adapters/ports';
import type { JobErrorCode } from '@org/wordfreq-aws-adapters/rules';

export type { JobErrorCode };

/** A permanent failure of one job. */
export class JobError extends Error implements CodedError<JobErrorCode> {
  override readonly name: string = 'JobError';
  readonly code: JobErrorCode;
  readonly retryable: boolean = false;

  constructor(code: JobErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
