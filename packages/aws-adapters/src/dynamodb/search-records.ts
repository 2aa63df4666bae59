import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { withCodedErrors } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { SearchOptions, SearchPage, StoredResult } from '../ports/index.ts';
import { DEFAULT_SEARCH_LIMIT, recordMatches, searchCursorProblem } from '../rules/record-search.ts';
import { restoredForView } from './read-results.ts';
import { type DynamoResultStoreOptions, fromItem, inlineWords, isResultItem } from './result-item.ts';
import { type ItemKey, TABLE_KEY } from './table.ts';

/** Each reads at most 1 MB of items: 128 read units, as the read is not a consistent one. */
const MAX_SCANS = 4;

/**
 * Reads on from the cursor until enough was found, at most {@link MAX_SCANS} times. Filtering here rather
 * than in DynamoDB reads no more units, and counts what was searched; DynamoDB could not ignore case.
 */
export async function searchRecords(
  options: DynamoResultStoreOptions,
  text: string,
  { limit = DEFAULT_SEARCH_LIMIT, cursor, signal }: SearchOptions = {},
): Promise<SearchPage> {
  const results: StoredResult[] = [];
  let searched = 0;
  let next = cursor === undefined ? undefined : readCursor(cursor);
  for (let scans = 0; scans < MAX_SCANS; scans += 1) {
    const { Items = [], LastEvaluatedKey } = await scan(options, next, signal);
    for (const item of Items.filter(isResultItem)) {
      if (results.length >= limit) return { results, searched, cursor: writeCursor(next) };
      searched += 1;
      next = { object: item.object, version: item.version };
      // Words that are in an object would cost a request for each record.
      if (!recordMatches(fromItem(item, inlineWords(item)), text)) continue;
      results.push(await restoredForView(options, item, signal === undefined ? {} : { signal }));
    }
    if (LastEvaluatedKey === undefined) return { results, searched };
    next = LastEvaluatedKey as ItemKey;
  }
  return { results, searched, cursor: writeCursor(next) };
}

function scan(
  { client, tableName }: DynamoResultStoreOptions,
  from: ItemKey | undefined,
  signal: AbortSignal | undefined,
): Promise<{ Items?: Record<string, unknown>[] | undefined; LastEvaluatedKey?: object | undefined }> {
  const command = new ScanCommand({ TableName: tableName, ExclusiveStartKey: from });
  return withCodedErrors({ operation: `search ${tableName}`, signal }, (send) => client.send(command, send));
}

function writeCursor(place: ItemKey | undefined): string {
  return Buffer.from(JSON.stringify([place?.object, place?.version])).toString('base64url');
}

function readCursor(cursor: string): ItemKey {
  const [object, version] = parsed(cursor);
  refuse(
    typeof object === 'string' && typeof version === 'string' && object !== '' && version !== ''
      ? undefined
      : searchCursorProblem(cursor),
  );
  return { [TABLE_KEY.partition]: String(object), [TABLE_KEY.sort]: String(version) };
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
