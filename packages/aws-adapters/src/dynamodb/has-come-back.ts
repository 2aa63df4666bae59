import type { JobResult } from '../ports/index.ts';

const ABSENT: ReadonlySet<string> = new Set(['gone', 'skipped:overwritten']);

/**
 * Whether a version that was recorded as absent was found in a later upload of the same bytes. Only in a later one: a worker that has
 * lost its message without knowing must not put what it comes with late over what was decided since.
 */
export function hasComeBack(existing: JobResult, result: JobResult): boolean {
  if (!ABSENT.has(existing.outcome) || ABSENT.has(result.outcome)) return false;
  if (existing.lastModified === undefined) return true;
  if (result.lastModified !== undefined && result.lastModified > existing.lastModified) return true;
  // Modification times are whole seconds; sequencers of one key are of one length.
  return (result.sequencer ?? '') > (existing.sequencer ?? '\uffff');
}
