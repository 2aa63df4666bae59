import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** How often each kind of request was made. */
export type RequestCounts = Readonly<Record<string, number>>;

/** What the SDKs put into `User-Agent` for workers, which tells their requests from the bench's own. */
export const COUNTED_APP = 'measured-worker';

/**
 * Counts the requests that this process's HTTP servers get from now on from programs whose environment has
 * `AWS_SDK_UA_APP_ID` set to {@link COUNTED_APP}. Returns a function that returns the counts so far.
 */
export function countRequests(): () => RequestCounts {
  const counts: Record<string, number> = {};
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { readonly request: IncomingMessage };
    if (request.headers['user-agent']?.includes(`app/${COUNTED_APP}`) !== true) return;
    const kind = kindOf(request);
    counts[kind] = (counts[kind] ?? 0) + 1;
  });
  return () => ({ ...counts });
}

/** SQS and DynamoDB name the operation in a header; S3 has methods, and SNS's only use here is Publish. */
function kindOf({ method, headers, url }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return String(target).split('.')[1] ?? '';
  return url === '/' ? 'Publish' : `${method} object`;
}

/** The requests between two counts. */
export function requestsBetween(before: RequestCounts, after: RequestCounts): RequestCounts {
  const made = Object.entries(after).map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const);
  return Object.fromEntries(made.filter(([, count]) => count > 0));
}
