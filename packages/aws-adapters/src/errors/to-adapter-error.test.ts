import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PortErrorCode } from '../ports/index.ts';
import { AdapterError, isCoded, PORT_ERROR_CODES, toAdapterError } from './index.ts';

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
