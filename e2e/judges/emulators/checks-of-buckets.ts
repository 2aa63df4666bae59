import type { Boto3 } from '../support/boto3.ts';
import { type Check, only, type Properties } from './check.ts';

interface BucketProperty {
  readonly get: string;
  readonly put: string;
  /** From the template's property to what is compared. */
  expected(value: Properties): unknown;
  /** From the service's reply to what is compared. */
  read(reply: Properties): unknown;
  /** From the template's property to the service's parameters. */
  parameters(value: Properties): Properties;
}

const as = (value: unknown): Properties => (value ?? {}) as Properties;
const all = (value: unknown): readonly Properties[] => (value ?? []) as readonly Properties[];

/** Bucket properties in the template's words and in S3's. */
const PROPERTIES: Readonly<Record<string, BucketProperty>> = {
  NotificationConfiguration: {
    get: 'get_bucket_notification_configuration',
    put: 'put_bucket_notification_configuration',
    expected: (value) => notificationLines(toServiceNotifications(value)),
    read: notificationLines,
    parameters: (value) => ({ NotificationConfiguration: toServiceNotifications(value) }),
  },
  VersioningConfiguration: {
    get: 'get_bucket_versioning',
    put: 'put_bucket_versioning',
    expected: (value) => value,
    read: only('Status'),
    parameters: (value) => ({ VersioningConfiguration: value }),
  },
  BucketEncryption: {
    get: 'get_bucket_encryption',
    put: 'put_bucket_encryption',
    expected: (value) => ({ Rules: toServiceEncryption(value) }),
    read: ({ ServerSideEncryptionConfiguration }) => ServerSideEncryptionConfiguration,
    parameters: (value) => ({ ServerSideEncryptionConfiguration: { Rules: toServiceEncryption(value) } }),
  },
  LifecycleConfiguration: {
    get: 'get_bucket_lifecycle_configuration',
    put: 'put_bucket_lifecycle_configuration',
    expected: toServiceLifecycle,
    read: ({ Rules }) => Rules,
    parameters: (value) => ({
      LifecycleConfiguration: {
        Rules: toServiceLifecycle(value).map((rule) => ({ Filter: { Prefix: '' }, ...rule })),
      },
    }),
  },
  PublicAccessBlockConfiguration: {
    get: 'get_public_access_block',
    put: 'put_public_access_block',
    expected: (value) => value,
    read: ({ PublicAccessBlockConfiguration }) => PublicAccessBlockConfiguration,
    parameters: (value) => ({ PublicAccessBlockConfiguration: value }),
  },
  LoggingConfiguration: {
    get: 'get_bucket_logging',
    put: 'put_bucket_logging',
    expected: toServiceLogging,
    read: ({ LoggingEnabled }) => LoggingEnabled,
    parameters: (value) => ({ BucketLoggingStatus: { LoggingEnabled: toServiceLogging(value) } }),
  },
};

export const BUCKET_CHECKS: Readonly<Record<string, Check>> = {
  'AWS::S3::Bucket': {
    expected: (properties) =>
      Object.fromEntries(
        Object.entries(PROPERTIES)
          .filter(([name]) => name in properties)
          .map(([name, { expected }]) => [name, expected(as(properties[name]))]),
      ),
    async read(boto3, Bucket) {
      const entries = Object.entries(PROPERTIES).map(async ([name, { get, read }]) => {
        // S3 refuses to read some of what was never set.
        const reply = await boto3.call('s3', get, { Bucket }).catch(() => undefined);
        return [name, reply === undefined ? undefined : read(reply)] as const;
      });
      return Object.fromEntries(await Promise.all(entries));
    },
    async make(boto3, properties, Bucket, ignored = []) {
      for (const name of ignored) await set(boto3, Bucket, name, as(properties[name]));
    },
  },
  'AWS::S3::BucketPolicy': {
    expected: only('PolicyDocument'),
    async read(boto3, _, { Bucket }) {
      const { Policy } = await boto3.call<{ Policy: string }>('s3', 'get_bucket_policy', { Bucket });
      return { PolicyDocument: JSON.parse(Policy) };
    },
    make: (boto3, { Bucket, PolicyDocument }) =>
      boto3.call('s3', 'put_bucket_policy', { Bucket, Policy: JSON.stringify(PolicyDocument) }),
  },
};

async function set(boto3: Boto3, Bucket: string, name: string, value: Properties): Promise<void> {
  const property = PROPERTIES[name];
  if (property !== undefined) await boto3.call('s3', property.put, { Bucket, ...property.parameters(value) });
}

const DESTINATIONS = {
  QueueConfigurations: ['Queue', 'QueueConfigurations', 'QueueArn'],
  TopicConfigurations: ['Topic', 'TopicConfigurations', 'TopicArn'],
  LambdaConfigurations: ['Function', 'LambdaFunctionConfigurations', 'LambdaFunctionArn'],
} as const;

function toServiceNotifications(value: Properties): Properties {
  const configurations = Object.entries(DESTINATIONS)
    .filter(([kind]) => kind in value)
    .map(([kind, [destination, serviceKind, arn]]) => [
      serviceKind,
      all(value[kind]).map(({ Event, Filter, [destination]: target }) => ({
        Events: [Event],
        [arn]: target,
        ...(Filter === undefined
          ? {}
          : { Filter: { Key: { FilterRules: as(as(Filter)['S3Key'])['Rules'] } } }),
      })),
    ]);
  const bridge = 'EventBridgeConfiguration' in value ? { EventBridgeConfiguration: {} } : {};
  return { ...Object.fromEntries(configurations), ...bridge };
}

/** One line for each notification: event, filter, destination. */
function notificationLines(reply: Properties): readonly string[] {
  const lines = Object.values(DESTINATIONS).flatMap(([, kind, arn]) =>
    all(reply[kind]).flatMap(({ Events, Filter, [arn]: destination }) => {
      const rules = all(as(as(Filter)['Key'])['FilterRules']);
      const filter = rules.map(({ Name, Value }) => `${String(Name).toLowerCase()}=${Value}`);
      return (Events as string[]).map((event) => [event, ...filter, destination].join(' '));
    }),
  );
  return [...lines, ...('EventBridgeConfiguration' in reply ? ['EventBridge'] : [])].sort();
}

function toServiceEncryption({ ServerSideEncryptionConfiguration }: Properties): readonly Properties[] {
  return all(ServerSideEncryptionConfiguration).map(({ ServerSideEncryptionByDefault, ...rule }) => ({
    ...rule,
    ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
  }));
}

function toServiceLifecycle({ Rules }: Properties): readonly Properties[] {
  return all(Rules).map(({ Id, ExpirationInDays, ...rule }) => ({
    ID: Id,
    ...rule,
    ...(ExpirationInDays === undefined ? {} : { Expiration: { Days: ExpirationInDays } }),
  }));
}

function toServiceLogging({ DestinationBucketName, LogFilePrefix }: Properties): Properties {
  return { TargetBucket: DestinationBucketName, TargetPrefix: LogFilePrefix };
}
