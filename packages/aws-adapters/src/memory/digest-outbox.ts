import { refuse } from '../errors/validation.ts';
import type { DigestEntry, DigestOutbox } from '../ports/index.ts';
import { digestEntryOf, digestEntryProblem } from '../rules/job-record.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';

/** Creates a digest outbox in memory. */
export function createMemoryDigestOutbox(options: { hooks?: CallHooks } = {}): DigestOutbox {
  const entries = new Map<string, DigestEntry>();
  let claimedAt: Date | undefined;

  function call<T>(operation: string, subject: string, run: () => T): Promise<T> {
    return withHooks(options.hooks, `digest-outbox.${operation}`, subject, run);
  }

  return {
    add: (entry) =>
      call('add', entry.id, () => {
        refuse(digestEntryProblem(entry));
        entries.set(entry.id, digestEntryOf(entry));
      }),
    claim: ({ at, notSince }) =>
      call('claim', '', () => {
        if (claimedAt !== undefined && claimedAt > notSince) return false;
        claimedAt = at;
        return true;
      }),
    list: (limit) => call('list', '', () => [...entries.values()].slice(0, limit)),
    remove: (ids) =>
      call('remove', '', () => {
        for (const id of ids) entries.delete(id);
      }),
  };
}
