import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortErrorCode } from '../ports/index.ts';
import {
  AdapterError,
  type AwsProblem,
  awsProblem,
  isCoded,
  PORT_ERROR_CODES,
  toAdapterError,
} from './index.ts';

const call = { operation: 'read s3://b/k' };

function sdkError(name: string, status?: number, message = ''): Error {
  const $metadata = status === undefined ? {} : { httpStatusCode: status };
  return Object.assign(new Error(message), { name, $metadata });
}

describe(toAdapterError, () => {
  it.each<[string, number | undefined, PortErrorCode]>([
    ['NoSuchKey', 404, 'not-found'],
    ['NoSuchVersion', 404, 'not-found'],
    ['QueueDoesNotExist', 400, 'not-found'],
    ['ResourceNotFoundException', 400, 'not-found'],
    ['PreconditionFailed', 412, 'changed'],
    ['InvalidObjectState', 403, 'archived'],
    ['AccessDenied', 403, 'access-denied'],
    ['KMS.DisabledException', 400, 'access-denied'],
    ['KmsAccessDenied', 400, 'access-denied'],
    ['KMS.ThrottlingException', 400, 'throttled'],
    ['SlowDown', 503, 'throttled'],
    ['ProvisionedThroughputExceededException', 400, 'throttled'],
    ['OverLimit', 403, 'throttled'],
    ['ReceiptHandleIsInvalid', 404, 'lease-lost'],
    ['TimeoutError', undefined, 'unavailable'],
    ['ConditionalRequestConflict', 409, 'unavailable'],
    ['AbortError', undefined, 'aborted'],
    ['ValidationException', 400, 'invalid'],
  ])('says of %s (HTTP %s) that it is %s', (name, status, code) => {
    expect(toAdapterError(sdkError(name, status), call).code).toBe(code);
  });

  it.each<[number, PortErrorCode]>([
    [400, 'invalid'],
    [403, 'access-denied'],
    [404, 'not-found'],
    [412, 'changed'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('goes by HTTP %i where the name says nothing, as in answers to HEAD', (status, code) => {
    expect(toAdapterError(sdkError('UnknownError', status), call).code).toBe(code);
  });

  it.each([
    'ECONNRESET',
    'ECONNREFUSED',
    'ENOTFOUND',
    'EPIPE',
    'ERR_STREAM_PREMATURE_CLOSE',
    'UND_ERR_SOCKET',
  ])('takes the network failure %s for unavailable, also underneath another error', (code) => {
    const failure = Object.assign(new Error('socket'), { code });
    expect(toAdapterError(failure, call).code).toBe('unavailable');
    expect(toAdapterError(new Error('fetch failed', { cause: failure }), call).code).toBe('unavailable');
  });

  it('knows a stale receipt by its message, because SQS has no name for it', () => {
    const stale = sdkError(
      'InvalidParameterValue',
      400,
      'Value x for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
    );
    expect(toAdapterError(stale, call).code).toBe('lease-lost');
  });

  it('is aborted once the caller’s signal has fired, whatever came', () => {
    const signal = AbortSignal.abort();
    expect(toAdapterError(sdkError('ECONNRESET'), { ...call, signal }).code).toBe('aborted');
  });

  it('keeps the cause, the object and the operation', () => {
    const cause = sdkError('NoSuchKey', 404, 'The specified key does not exist.');
    const error = toAdapterError(cause, { ...call, object: { bucket: 'b', key: 'k' } });
    expect(error.cause).toBe(cause);
    expect(error.object).toEqual({ bucket: 'b', key: 'k' });
    expect(error.message).toBe(
      'Could not read s3://b/k: NoSuchKey (HTTP 404): The specified key does not exist.',
    );
  });

  it('passes an error through that already has a port’s code, also from another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), { code: 'truncated', retryable: true });
    expect(toAdapterError(foreign, call)).toBe(foreign);
  });

  it('answers with a port’s code to whatever is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const error = toAdapterError(thrown, call);
        expect(PORT_ERROR_CODES).toContain(error.code);
        expect(isCoded(error)).toBe(true);
      }),
    );
  });
});

describe(AdapterError, () => {
  it('freezes the codes and which of them may pass', () => {
    const table = PORT_ERROR_CODES.map((code) => [code, new AdapterError(code, 'x').retryable]);
    expect(Object.fromEntries(table)).toEqual({
      'not-found': false,
      changed: false,
      archived: false,
      'access-denied': false,
      invalid: false,
      'lease-lost': false,
      throttled: true,
      unavailable: true,
      truncated: true,
      aborted: true,
    });
  });
});

describe(isCoded, () => {
  it.each([
    undefined,
    null,
    'not-found',
    new Error('x'),
    Object.assign(new Error('x'), { code: 'ECONNRESET' }),
    { code: 'not-found', retryable: false },
  ])('refuses what is not an error with both facts: %s', (value) => {
    expect(isCoded(value)).toBe(false);
  });
});

describe(awsProblem, () => {
  it.each<[string, AwsProblem | undefined]>([
    ['NoSuchBucket', 'no-such-bucket'],
    ['NoSuchKey', undefined],
    ['AWS.SimpleQueueService.NonExistentQueue', 'no-such-queue'],
    ['ResourceNotFoundException', 'no-such-table'],
    ['CredentialsProviderError', 'no-credentials'],
    ['ExpiredTokenException', 'expired-credentials'],
    ['UnrecognizedClientException', 'bad-credentials'],
    ['InvalidSignatureException', 'bad-credentials'],
    ['AccessDenied', undefined],
    ['AuthorizationHeaderMalformed', 'wrong-region'],
    ['UnknownOperationException', 'wrong-service'],
    ['TimeoutError', undefined],
  ])('takes %s for %s, also below an error of an adapter', (name, problem) => {
    const error = sdkError(name);
    expect(awsProblem(error)).toBe(problem);
    expect(awsProblem(toAdapterError(error, call))).toBe(problem);
  });

  it('finds the system’s error below the SDK’s own, for the first of several addresses', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:9'), { code: 'ECONNREFUSED' });
    const several = new AggregateError([refused, new Error('other')]);
    expect(awsProblem(several)).toBe('unreachable');
    const timeout = Object.assign(new Error('', { cause: several }), { name: 'TimeoutError' });
    expect(awsProblem(timeout)).toBe('unreachable');
    expect(awsProblem(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))).toBe('unknown-host');
  });

  it('recognizes another region by the status if a response names no error, and a missing region by its message', () => {
    expect(awsProblem(sdkError('Unknown', 301))).toBe('wrong-region');
    expect(awsProblem(new Error('Region is missing'))).toBe('no-region');
    expect(awsProblem(toAdapterError(new Error('Region is missing'), call))).toBe('no-region');
  });

  it('finds nothing in other errors, nor in what is no error', () => {
    for (const thrown of [new TypeError('x is not a function'), undefined, null, 'NoSuchBucket', 42]) {
      expect(awsProblem(thrown)).toBeUndefined();
    }
  });
});
