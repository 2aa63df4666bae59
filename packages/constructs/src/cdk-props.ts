import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { BucketProps } from 'aws-cdk-lib/aws-s3';
import type { QueueProps } from 'aws-cdk-lib/aws-sqs';
import { object, type PropCheck } from './check-props.ts';

/** A name for every property of an interface; TypeScript rejects a table that lacks one. */
export type Names<T> = Readonly<Record<keyof T, true>>;

const BUCKET: Names<BucketProps> = {
  abacStatus: true,
  accessControl: true,
  autoDeleteObjects: true,
  blockPublicAccess: true,
  blockedEncryptionTypes: true,
  bucketKeyEnabled: true,
  bucketName: true,
  bucketNamePrefix: true,
  bucketNamespace: true,
  cors: true,
  encryption: true,
  encryptionKey: true,
  enforceSSL: true,
  eventBridgeEnabled: true,
  intelligentTieringConfigurations: true,
  inventories: true,
  lifecycleRules: true,
  metrics: true,
  minimumTLSVersion: true,
  notificationsHandlerRole: true,
  notificationsSkipDestinationValidation: true,
  objectLockDefaultRetention: true,
  objectLockEnabled: true,
  objectOwnership: true,
  publicReadAccess: true,
  removalPolicy: true,
  replicationRole: true,
  replicationRules: true,
  serverAccessLogsBucket: true,
  serverAccessLogsPrefix: true,
  targetObjectKeyFormat: true,
  transferAcceleration: true,
  transitionDefaultMinimumObjectSize: true,
  versioned: true,
  websiteErrorDocument: true,
  websiteIndexDocument: true,
  websiteRedirect: true,
  websiteRoutingRules: true,
};

const QUEUE: Names<QueueProps> = {
  contentBasedDeduplication: true,
  dataKeyReuse: true,
  deadLetterQueue: true,
  deduplicationScope: true,
  deliveryDelay: true,
  encryption: true,
  encryptionMasterKey: true,
  enforceSSL: true,
  fifo: true,
  fifoThroughputLimit: true,
  maxMessageSizeBytes: true,
  queueName: true,
  receiveMessageWaitTime: true,
  redriveAllowPolicy: true,
  removalPolicy: true,
  retentionPeriod: true,
  visibilityTimeout: true,
};

const FUNCTION: Names<FunctionOptions> = {
  adotInstrumentation: true,
  allowAllIpv6Outbound: true,
  allowAllOutbound: true,
  allowPublicSubnet: true,
  applicationLogLevel: true,
  applicationLogLevelV2: true,
  architecture: true,
  codeSigningConfig: true,
  currentVersionOptions: true,
  deadLetterQueue: true,
  deadLetterQueueEnabled: true,
  deadLetterTopic: true,
  description: true,
  durableConfig: true,
  environment: true,
  environmentEncryption: true,
  ephemeralStorageSize: true,
  events: true,
  filesystem: true,
  functionName: true,
  initialPolicy: true,
  insightsVersion: true,
  ipv6AllowedForDualStack: true,
  layers: true,
  logFormat: true,
  logGroup: true,
  logRemovalPolicy: true,
  logRetention: true,
  logRetentionRetryOptions: true,
  logRetentionRole: true,
  loggingFormat: true,
  maxEventAge: true,
  memorySize: true,
  onFailure: true,
  onSuccess: true,
  paramsAndSecrets: true,
  profiling: true,
  profilingGroup: true,
  recursiveLoop: true,
  reservedConcurrentExecutions: true,
  retryAttempts: true,
  role: true,
  runtimeManagementMode: true,
  securityGroups: true,
  snapStart: true,
  systemLogLevel: true,
  systemLogLevelV2: true,
  tenancyConfig: true,
  timeout: true,
  tracing: true,
  vpc: true,
  vpcSubnets: true,
};

/** Overrides of a new bucket. */
export const bucketOverrides: PropCheck = notMisspelt(BUCKET);
/** Overrides of a new queue. */
export const queueOverrides: PropCheck = notMisspelt(QUEUE);
/** Overrides of a new function. */
export const functionOverrides: PropCheck = notMisspelt(FUNCTION);

/**
 * Rejects names that are almost those of the CDK's properties, which the CDK ignores where the compiler does
 * not look. Other unknown names may be properties of a newer CDK.
 */
export function notMisspelt(known: Readonly<Record<string, true>>): PropCheck {
  return (value) => {
    const problem = object(value);
    if (problem !== undefined) return problem;
    for (const name of Object.keys(value as object)) {
      if (Object.hasOwn(known, name)) continue;
      const meant = Object.keys(known).find((other) => isNear(name.toLowerCase(), other.toLowerCase()));
      if (meant !== undefined) return `an object with "${meant}" instead of the unknown "${name}"`;
    }
    return undefined;
  };
}

/**
 * Whether at most two characters, of short names one, have to be inserted, removed or replaced
 * (Levenshtein).
 */
function isNear(name: string, other: string): boolean {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, character] of [...name].entries()) {
    const current = [row + 1];
    for (const [column, wanted] of [...other].entries()) {
      const [above = 0, diagonal = 0, left = 0] = [previous[column + 1], previous[column], current[column]];
      current.push(Math.min(above + 1, left + 1, diagonal + (character === wanted ? 0 : 1)));
    }
    previous = current;
  }
  return (previous.at(-1) ?? 0) <= (other.length < 8 ? 1 : 2);
}
