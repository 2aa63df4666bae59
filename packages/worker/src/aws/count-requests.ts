import type { RequestCounter, RequestKind } from '../jobs/job-costs.ts';

/** The queues of a worker's jobs. */
export interface CountedQueues {
  readonly jobs: string;
  /** Where results and dead letters go. */
  readonly destinations: readonly (string | undefined)[];
}

/** What the SDK knows of a request. */
interface Call {
  readonly input: object;
}

/**
 * Creates middleware for the SDK's clients that counts each request of a job, and each attempt separately. Requests
 * of the page do not count, nor do receives without a message: no job causes the waiting.
 *
 * @example
 * client.middlewareStack.add(countRequests(costs, queues), COUNTED_STEP);
 */
export function countRequests(
  costs: RequestCounter,
  queues: CountedQueues,
): <Args extends Call, Result extends { output: object }>(
  next: (args: Args) => Promise<Result>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Result> {
  return (next, { commandName = '' }) =>
    async (args) => {
      if (commandName === 'ReceiveMessageCommand') {
        const result = await next(args);
        const { Messages = [] } = result.output as { Messages?: readonly object[] };
        if (Messages.length > 0 && isOfJobs(commandName, args, queues)) costs.shared('queueRequests');
        return result;
      }
      const kind = KINDS.find(([pattern]) => pattern.test(commandName))?.[1];
      if (kind !== undefined) costs.own(kind);
      else if (isOfJobs(commandName, args, queues)) costs.shared('queueRequests');
      return next(args);
    };
}

/** After the SDK's retries in the stack, so that each attempt is counted. */
export const COUNTED_STEP = { step: 'finalizeRequest', priority: 'low', name: 'countRequests' } as const;

const KINDS: readonly (readonly [RegExp, RequestKind])[] = [
  [/^(Get|Head)ObjectCommand$/, 's3Reads'],
  [/^(PutObject|\w*MultipartUpload|UploadPart)Command$/, 's3Writes'],
  [/^PublishCommand$/, 'notifications'],
  [/^(Put|Update|Delete|BatchWrite)(Item)?Command$/, 'tableWrites'],
  [/^(Get|BatchGet|Query|Scan)(Item)?Command$/, 'tableReads'],
];

function isOfJobs(commandName: string, { input }: Call, { jobs, destinations }: CountedQueues): boolean {
  const { QueueUrl } = input as { QueueUrl?: string };
  if (/^SendMessage(Batch)?Command$/.test(commandName)) return destinations.includes(QueueUrl);
  return /^(ReceiveMessage|DeleteMessage|ChangeMessageVisibility)/.test(commandName) && QueueUrl === jobs;
}
