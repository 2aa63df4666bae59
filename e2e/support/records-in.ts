import type { ResultStore } from '@org/wordfreq-aws-adapters/ports';

/** Returns all records as plain data, with `object` as `bucket/key`. */
export async function recordsIn(results: Pick<ResultStore, 'list'>): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const { object, ...record } of results.list())
    found.push({ ...record, object: `${object.bucket}/${object.key}` });
  return found;
}
