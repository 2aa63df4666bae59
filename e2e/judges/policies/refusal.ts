import type { Principal } from './principal.ts';
import type { RequestedPermission } from './requested-permission.ts';
import type { Service } from './service-permissions.ts';

/** What a service sends when it refuses a request. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const XML = { 'content-type': 'application/xml' };
const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };

/**
 * Says that something is not allowed, in the form of each service's API reference ("Common errors", "Error
 * responses").
 */
export function refuse(service: Service | 'ecs', { arn }: Principal, missing: RequestedPermission): Refusal {
  const { action, resource } = missing;
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;
  const ofKey = action.startsWith('kms:');
  switch (service) {
    case 's3':
      return { status: 403, headers: XML, body: s3Error('AccessDenied', ofKey ? message : 'Access Denied') };
    case 'sqs': {
      // The name that SDKs see comes from the header: "AWS JSON protocol", error codes of the query protocol.
      const [name, status] = ofKey ? ['KmsAccessDenied', 400] : ['AccessDenied', 403];
      const headers = { ...JSON_1_0, 'x-amzn-query-error': `${name};Sender` };
      const type = ofKey
        ? 'com.amazonaws.sqs#KmsAccessDenied'
        : 'com.amazon.coral.service#AccessDeniedException';
      return { status: status as number, headers, body: JSON.stringify({ __type: type, message }) };
    }
    case 'sns': {
      const [name, status] = ofKey ? ['KMSAccessDenied', 400] : ['AuthorizationError', 403];
      const error = `<Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error>`;
      const body = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">${error}<RequestId>0</RequestId></ErrorResponse>`;
      return { status: status as number, headers: XML, body };
    }
    case 'dynamodb': {
      const body = JSON.stringify({
        __type: 'com.amazon.coral.service#AccessDeniedException',
        Message: message,
      });
      return { status: 400, headers: JSON_1_0, body };
    }
    case 'ecs': {
      const body = JSON.stringify({
        error: { Arn: resource, Code: 'AccessDeniedException', Message: message },
      });
      return { status: 400, headers: { 'content-type': 'application/json' }, body };
    }
  }
}

/** An error of S3, as XML. */
export function s3Error(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>0</RequestId></Error>`;
}
