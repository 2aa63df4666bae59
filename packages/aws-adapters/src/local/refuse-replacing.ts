/** A request whose body has been read. */
interface WriteRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: unknown;
}

/** How a request is answered. */
interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): unknown;
}

/** S3's response where a condition does not hold. */
export const PRECONDITION_FAILED: string =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code>' +
  '<Message>At least one of the pre-conditions you specified did not hold</Message></Error>';

/**
 * Refuses writes with `If-None-Match: *` to keys that have an object, as S3 does and fauxqs does not: puts,
 * copies, and the end of an upload in parts. Nothing comes between this and the write, because fauxqs writes
 * in the same turn.
 */
export function refuseReplacing(store: {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
}) {
  return ({ method, headers, params }: WriteRequest, reply: Reply, done: () => void): void => {
    const { bucket = '', '*': key = '' } = params as Record<string, string | undefined>;
    const isConditional = (method === 'PUT' || method === 'POST') && headers['if-none-match'] === '*';
    if (isConditional && store.buckets.get(bucket)?.has(key) === true)
      reply.status(412).header('content-type', 'application/xml').send(PRECONDITION_FAILED);
    else done();
  };
}
