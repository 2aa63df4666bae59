import type { CodedError } from '@org/wordfreq-aws-adapters/ports';
import type { CountingTask, CountSummary } from './counting.ts';

/** What a counting thread starts with. */
export interface ThreadData {
  /** Words that join the dictionaries. */
  readonly ownWords: readonly string[];
}

/** Messages to a counting thread. `id` names a text. */
export type ThreadRequest =
  | { readonly id: number; readonly kind: 'open'; readonly task: CountingTask }
  | { readonly id: number; readonly kind: 'push'; readonly chunk: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly kind: 'finish' }
  | { readonly id: number; readonly kind: 'abandon' };

/** Messages from a counting thread. */
export type ThreadResponse =
  /** Returns the chunk's memory for reuse. */
  | { readonly id: number; readonly kind: 'counted'; readonly bytes: number; readonly memory: ArrayBuffer }
  | { readonly id: number; readonly kind: 'finished'; readonly summary: CountSummary }
  | ({ readonly id: number; readonly kind: 'failed' } & Pick<CodedError, 'code' | 'message' | 'retryable'>);
