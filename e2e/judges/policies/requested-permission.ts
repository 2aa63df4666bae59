/** One question to IAM: may this be done to that? */
export interface RequestedPermission {
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
}

/** An HTTP request to AWS, as far as IAM looks at it. */
export interface AwsRequest {
  readonly method: string;
  /** With the query, percent-encoded. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/**
 * A request that this judge has no rule for. It needs one, because what is not understood cannot be judged.
 */
export class UnknownRequest extends Error {
  override readonly name: string = 'UnknownRequest';

  constructor({ method, url }: Pick<AwsRequest, 'method' | 'url'>, why: string) {
    super(`Expected a request whose IAM actions are known, got ${method} ${url}: ${why}.`);
  }
}
