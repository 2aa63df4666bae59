import type { EmulatorName } from '../support/emulators.ts';
import type { TemplateResource } from './template.ts';

/**
 * What an emulator lacks. Each gap is tested: one that is closed fails the test, and its line must be
 * removed.
 */
export interface Gap {
  readonly type: string;
  /** Which resources of the type. Default: all. */
  readonly where?: (resource: TemplateResource) => boolean;
  /** A property that is not applied; without it, the whole resource is not made. */
  readonly property?: string;
  /** A type with the same properties that the emulator does make. */
  readonly instead?: string;
  /** The emulator's API lacks it, too. */
  readonly alsoByApi?: true;
}

const refused = (...types: readonly string[]): readonly Gap[] => types.map((type) => ({ type }));
const ignored = (type: string, ...properties: readonly string[]): readonly Gap[] =>
  properties.map((property) => ({ type, property }));

/** Measured with moto 5.2.5 and ministack 1.5.33. */
export const GAPS: Readonly<Record<EmulatorName, readonly Gap[]>> = {
  moto: [
    { type: 'AWS::DynamoDB::GlobalTable', instead: 'AWS::DynamoDB::Table' },
    ...refused(
      'AWS::ApplicationAutoScaling::ScalableTarget',
      'AWS::ApplicationAutoScaling::ScalingPolicy',
      'AWS::Backup::BackupPlan',
      'AWS::Backup::BackupSelection',
      'AWS::Backup::BackupVault',
      'AWS::CloudWatch::Alarm',
      'AWS::EC2::FlowLog',
      'AWS::ECS::ClusterCapacityProviderAssociations',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Logs::MetricFilter',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Subscription',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
    ),
    // It overlooks the empty element that turns EventBridge on.
    {
      type: 'AWS::S3::Bucket',
      where: ({ Properties }) => JSON.stringify(Properties).includes('"EventBridgeEnabled":true'),
      property: 'NotificationConfiguration',
      alsoByApi: true,
    },
    ...ignored(
      'AWS::S3::Bucket',
      'LifecycleConfiguration',
      'NotificationConfiguration',
      'PublicAccessBlockConfiguration',
      'VersioningConfiguration',
    ),
    ...ignored('AWS::DynamoDB::GlobalTable', 'PointInTimeRecoverySpecification'),
    // It knows policies for log delivery whose statement has one principal.
    { type: 'AWS::S3::Bucket', property: 'LoggingConfiguration', alsoByApi: true },
    { type: 'AWS::Lambda::Function', property: 'Architectures', alsoByApi: true },
  ],
  ministack: [
    { type: 'AWS::ApplicationAutoScaling::ScalableTarget', alsoByApi: true },
    { type: 'AWS::ApplicationAutoScaling::ScalingPolicy', alsoByApi: true },
    ...refused(
      'AWS::Backup::BackupSelection',
      'AWS::EC2::FlowLog',
      'AWS::EC2::SecurityGroupEgress',
      'AWS::EC2::SecurityGroupIngress',
      'AWS::ECS::ClusterCapacityProviderAssociations',
    ),
    // It does not know the address range of a VPC.
    {
      type: 'AWS::EC2::SecurityGroup',
      where: ({ Properties }) => JSON.stringify(Properties).includes('"CidrBlock"'),
    },
    ...ignored('AWS::S3::Bucket', 'LifecycleConfiguration', 'LoggingConfiguration'),
    ...ignored('AWS::DynamoDB::GlobalTable', 'DeletionProtectionEnabled', 'PointInTimeRecoverySpecification'),
    {
      type: 'AWS::CloudWatch::Alarm',
      where: ({ Properties = {} }) => 'Metrics' in Properties,
      alsoByApi: true,
    },
  ],
};

/** The gaps that leave a resource out. */
export function refusalsOf(name: EmulatorName): readonly Gap[] {
  return GAPS[name].filter(({ property }) => property === undefined);
}

export function applies({ type, where = () => true }: Gap, resource: TemplateResource): boolean {
  return resource.Type === type && where(resource);
}

/** The gap by which a property of a resource is not applied. */
export function ignoringGap(
  name: EmulatorName,
  resource: TemplateResource | undefined,
  property: string,
): Gap | undefined {
  if (resource === undefined) return undefined;
  return GAPS[name].find((gap) => gap.property === property && applies(gap, resource));
}
