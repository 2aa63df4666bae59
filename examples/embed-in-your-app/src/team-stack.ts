import { BacklogScaling, ExistingRoles, WordFreqPipeline, WorkerImage } from '@org/wordfreq-constructs';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** A team's own stack: the network, the bucket with the texts and the topic for alarms are there already. */
export class TeamStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      vpcCidrBlock: '10.20.0.0/16',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      privateSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
      privateSubnetRouteTableIds: ['rtb-0aaaaaaaaaaaaaaaa', 'rtb-0bbbbbbbbbbbbbbbb'],
    });
    // Where no role may be created, as in a lab: -c roleName=LabRole. Least-privilege roles otherwise.
    const roleName: unknown = this.node.tryGetContext('roleName');
    const role =
      typeof roleName === 'string'
        ? Role.fromRoleName(this, 'Role', roleName, { mutable: false })
        : undefined;
    const { workers, results } = new WordFreqPipeline(this, 'WordFreq', {
      image: WorkerImage.fromEcr(
        Repository.fromRepositoryName(this, 'Repository', 'wordfreq-worker'),
        '1.0.0',
      ),
      // AWS Backup may not be allowed to take such a role on.
      ...(role === undefined ? {} : { roles: ExistingRoles.all(role), backup: false }),
      network: { vpc, mode: 'nat' },
      // Somebody else's bucket: its owner switches EventBridge on, and nothing of the bucket is changed.
      upload: { bucket: Bucket.fromBucketName(this, 'Texts', 'acme-texts'), prefix: 'incoming/' },
      alarmTopic: Topic.fromTopicArn(this, 'Alarms', 'arn:aws:sns:eu-central-1:123456789012:acme-alarms'),
      worker: { scaling: { maxTasks: 20, jobDuration: Duration.seconds(24) } },
    });

    // Each part is useful alone: the same scaling for a service of the team's own.
    const task = new FargateTaskDefinition(
      this,
      'IndexerTask',
      role === undefined ? {} : { taskRole: role, executionRole: role },
    );
    task.addContainer('Indexer', { image: ContainerImage.fromRegistry('public.ecr.aws/acme/indexer:7') });
    const indexer = new FargateService(this, 'Indexer', {
      cluster: workers.cluster,
      taskDefinition: task,
      minHealthyPercent: 100,
      circuitBreaker: { enable: true, rollback: true },
    });
    new BacklogScaling(this, 'IndexerScaling', { service: indexer, queue: results.queue });
  }
}
