import type { FauxqsApp, FauxqsError, FauxqsRequest } from './fauxqs-internals.ts';
import { element } from './s3-xml.ts';

/**
 * Answers failed requests in the client's own protocol, with the reason, such as a full disk. fauxqs answers
 * with JSON of its own, about which clients of S3 and SNS only report that it is not XML.
 */
export function answerFailures(app: FauxqsApp, onError: (error: unknown) => void): void {
  app.setErrorHandler((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) onError(error);
    const { type, body } = failureFor(error, status, request);
    reply.header('content-type', type);
    reply.status(status).send(body);
  });
}

function failureFor(
  { message }: FauxqsError,
  status: number,
  { headers }: FauxqsRequest,
): { readonly type: string; readonly body: string } {
  const type = String(headers['content-type'] ?? '');
  if (type.includes('x-amz-json')) {
    const code = status < 500 ? 'InvalidRequest' : 'InternalFailure';
    return { type: 'application/x-amz-json-1.0', body: JSON.stringify({ __type: code, message }) };
  }
  const code = status === 413 ? 'EntityTooLarge' : status < 500 ? 'InvalidRequest' : 'InternalError';
  const elements = [element('Code', code), element('Message', message)];
  const isForm = type.includes('x-www-form-urlencoded');
  const root = isForm ? element('ErrorResponse', [element('Error', elements)]) : element('Error', elements);
  return { type: 'application/xml', body: `<?xml version="1.0" encoding="UTF-8"?>\n${root}` };
}
