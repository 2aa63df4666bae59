import { type AwsRequest, type RequestedPermission, UnknownRequest } from './requested-permission.ts';
import { s3Permissions } from './s3-permissions.ts';

/** Where requests go. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The services that the pipeline's programs call. */
export type Service = 's3' | 'sqs' | 'sns' | 'dynamodb';

/** What a request needs, before keys are looked at. */
export function servicePermissions(
  service: Service,
  request: AwsRequest,
  place: Place,
): RequestedPermission[] {
  return OF_SERVICE[service](request, place);
}

const OF_SERVICE: Readonly<Record<Service, (request: AwsRequest, place: Place) => RequestedPermission[]>> = {
  s3: s3Permissions,
  sqs(request, place) {
    const { operation, input } = jsonCall(request);
    const queue = new URL(textOf(request, input, 'QueueUrl')).pathname.split('/').at(-1);
    // Batches have no permission of their own: "Amazon SQS API permissions: Actions and resource reference".
    const action = operation.replace(/Batch$/, '');
    return [{ action: `sqs:${action}`, resource: arn('sqs', place, `${queue}`) }];
  },
  sns(request) {
    const form = new URLSearchParams(request.body.toString());
    const resource = form.get('TopicArn');
    if (resource === null) throw new UnknownRequest(request, `no topic in ${form}`);
    return [{ action: `sns:${form.get('Action')?.replace(/Batch$/, '')}`, resource }];
  },
  dynamodb(request, place) {
    const { operation, input } = jsonCall(request);
    const batch = input['RequestItems'];
    const tables =
      typeof batch === 'object' && batch !== null
        ? Object.keys(batch)
        : [textOf(request, input, 'TableName')];
    // An index is a resource of its own: "Actions, resources, and condition keys for Amazon DynamoDB".
    const index = input['IndexName'] === undefined ? '' : `/index/${input['IndexName']}`;
    return tables.map((table) => ({
      action: `dynamodb:${operation}`,
      resource: arn('dynamodb', place, `table/${table.split('/').at(-1)}${index}`),
    }));
  },
};

const arn = (service: Service, { region, account }: Place, name: string): string =>
  `arn:aws:${service}:${region}:${account}:${name}`;

function jsonCall(request: AwsRequest): { operation: string; input: Record<string, unknown> } {
  const [, operation] = /\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? [];
  if (operation === undefined) throw new UnknownRequest(request, 'no X-Amz-Target');
  return { operation, input: JSON.parse(request.body.toString()) };
}

function textOf(request: AwsRequest, input: Record<string, unknown>, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new UnknownRequest(request, `no ${name}`);
  return value;
}

/** What a service does with a customer's key on behalf of the caller, who must be allowed to use it. */
const KEY_USES: readonly (readonly [action: RegExp, uses: readonly string[]])[] = [
  [/^s3:GetObject(Version)?$/, ['Decrypt']],
  // Decrypt for uploads in parts: "Uploading a large object with AWS KMS".
  [/^s3:PutObject$/, ['GenerateDataKey', 'Decrypt']],
  [/^sqs:SendMessage$/, ['GenerateDataKey', 'Decrypt']],
  [/^sqs:ReceiveMessage$/, ['Decrypt']],
  [/^sns:Publish$/, ['GenerateDataKey', 'Decrypt']],
  [/^dynamodb:(GetItem|PutItem|UpdateItem|Query|Scan|Batch\w+Item)$/, ['Decrypt']],
];

/** What else a permission needs, by the key of its resource. */
export function keyPermissions(
  { action, resource }: RequestedPermission,
  keyOf: (resource: string) => string | undefined,
): RequestedPermission[] {
  const key = keyOf(/^arn:aws:s3:::[^/]+/.exec(resource)?.[0] ?? resource.replace(/\/index\/.*$/, ''));
  if (key === undefined) return [];
  return KEY_USES.filter(([used]) => used.test(action)).flatMap(([, uses]) =>
    uses.map((use) => ({ action: `kms:${use}`, resource: key })),
  );
}
