import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** How often each kind of request was made. */
export type RequestCounts = Readonly<Record<string, number>>;

/** The requests of observed programs, as the servers of this process receive them. */
export interface ObservedRequests {
  /** `SendMessage`, or `GET object`, in the order of arrival. */
  readonly names: readonly string[];
  counts(): RequestCounts;
  stop(): void;
}

/** Put this into a program's environment, and its requests are observed: its SDK sends it as part of `User-Agent`. */
export const OBSERVED = { AWS_SDK_UA_APP_ID: 'observed-worker' } as const;

const CHANNEL = 'http.server.request.start';

/** Observes the requests that this process's HTTP servers receive from now on from programs that are {@link OBSERVED}. */
export function observeRequests(): ObservedRequests {
  const names: string[] = [];
  const observe = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    if (request.headers['user-agent']?.includes(`app/${OBSERVED.AWS_SDK_UA_APP_ID}`) !== true) return;
    names.push(nameOf(request));
  };
  subscribe(CHANNEL, observe);
  return {
    names,
    counts() {
      const counts: Record<string, number> = {};
      for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
      return counts;
    },
    stop: () => void unsubscribe(CHANNEL, observe),
  };
}

/** SQS and DynamoDB name the operation in a header; S3 has methods, and SNS's only use here is Publish. */
function nameOf({ method, headers, url }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return String(target).split('.')[1] ?? '';
  return url === '/' ? 'Publish' : `${method} object`;
}

/** The requests between two counts. */
export function requestsBetween(before: RequestCounts, after: RequestCounts): RequestCounts {
  const made = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(made.filter(([, count]) => count > 0));
}
