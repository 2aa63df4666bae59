import type { ResultStore } from '@org/wordfreq-aws-adapters/ports';

/** All records, as plain data; `object` is the place. */
export async function recordsIn(results: Pick<ResultStore, 'list'>): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { object, ...record } of results.list())
    found.push({ ...record, object: `${object.bucket}/${object.key}` });
  return found;
}
