import type { CountingTask, CountSummary } from './counting.ts';

/** What a counting thread is told. `id` names a text. */
export type ThreadRequest =
  | { readonly id: number; readonly kind: 'open'; readonly task: CountingTask }
  | { readonly id: number; readonly kind: 'push'; readonly chunk: Uint8Array }
  | { readonly id: number; readonly kind: 'finish' }
  | { readonly id: number; readonly kind: 'abandon' };

/** What it answers. */
export type ThreadAnswer =
  | { readonly id: number; readonly kind: 'counted'; readonly bytes: number }
  | { readonly id: number; readonly kind: 'finished'; readonly summary: CountSummary }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
