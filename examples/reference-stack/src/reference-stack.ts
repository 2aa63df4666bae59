import { resolve } from 'node:path';
import {
  ExistingRoles,
  type ResultStoreProps,
  WordFreqPipeline,
  type WordFreqPipelineProps,
  WorkerImage,
} from '@org/wordfreq-constructs';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/**
 * The whole pipeline. Each comment names what would be done by hand in the console without the line below it.
 */
export class ReferenceStack extends Stack {
  readonly pipeline: WordFreqPipeline;

  constructor(scope: Construct, id: string, settings: Settings, props: StackProps = {}) {
    super(scope, id, props);
    this.pipeline = new WordFreqPipeline(this, 'WordFreq', {
      // By hand: "IAM → Roles"; or, in a lab where none may be created, choose LabRole in every service's
      // form.
      ...(settings.roleMode === 'existing' ? { roles: ExistingRoles.fromName(this, settings.roleName) } : {}),
      // By hand: "ECS → Task definitions → Add container → Image URI".
      image: this.#image(settings),
      ...storage(settings),
      results: this.#results(settings),
      ...people(settings),
      worker: worker(settings),
      // By hand: "VPC → Create VPC", and the network part of "ECS → Create service".
      network: { mode: settings.network },
      // By hand: "ECS → Create service → Load balancing" (optional).
      ...page(settings),
      // By hand: "AWS Backup → Vault, Plan, Assign resources", a Lambda for its events, and the rule that
      // calls it.
      ...(settings.backup ? {} : { backup: false as const }),
    });
  }

  // By hand: "EC2 → launch, install docker, write a Dockerfile, docker build, docker push" (README, step 2).
  #image({ imageFrom, imageRepository, imageTag }: Settings): WorkerImage {
    if (imageFrom === 'build') return WorkerImage.fromDirectory(ROOT, { file: 'packages/worker/Dockerfile' });
    const repository = Repository.fromRepositoryName(this, 'Repository', imageRepository);
    return WorkerImage.fromEcr(repository, imageTag);
  }

  // By hand: "DynamoDB → Create table" (object, version), switch point-in-time recovery on; the results
  // queue.
  #results({ tableName, restoredTableName }: Settings): ResultStoreProps {
    if (restoredTableName !== '')
      return { table: TableV2.fromTableName(this, 'Restored', restoredTableName) };
    return tableName === '' ? {} : { tableProps: { tableName } };
  }
}

function storage(settings: Settings): Partial<WordFreqPipelineProps> {
  const { uploadBucketName, processingBucketName, trigger, copyUploads } = settings;
  // By hand: "S3 → Create bucket" for uploads.
  const bucket = uploadBucketName === '' ? {} : { bucketProps: { bucketName: uploadBucketName } };
  // By hand: "S3 → Bucket versioning", and "Event notifications" to the jobs queue for each suffix.
  if (!copyUploads) return { copyUploads, upload: { ...bucket, suffix: '.txt' } };
  return {
    upload: {
      ...bucket,
      // By hand: "Lambda → Create function", paste its body, "Add trigger → S3 → PUT, suffix .txt".
      trigger,
      suffix: '.txt',
    },
    // By hand: a second bucket; its "Event notifications" to SNS; the SNS topic; the SQS queue subscribed to
    // it (raw); its dead-letter queue.
    ...(processingBucketName === '' ? {} : { processingBucketProps: { bucketName: processingBucketName } }),
  };
}

function page({ page: kind, pageAllowFrom }: Settings): Partial<WordFreqPipelineProps> {
  if (kind === 'none') return {};
  return { page: kind === 'internal' ? {} : { internetFacing: true, allowFrom: [Peer.ipv4(pageAllowFrom)] } };
}

function people({
  alarmEmail,
  resultEmail,
  fileCopiedEmail,
  notify,
  digestMinutes,
  monthlyBudgetUsd,
}: Settings): Partial<WordFreqPipelineProps> {
  return {
    notify,
    ...(notify === 'digest' ? { digestInterval: Duration.minutes(digestMinutes) } : {}),
    // By hand: "SNS → Create subscription → Email" for alarms, dead letters and results. Each must be
    // confirmed from the mail.
    ...(alarmEmail === '' ? {} : { alarmEmail }),
    ...(resultEmail === '' ? {} : { resultEmail }),
    ...(fileCopiedEmail === '' ? {} : { jobs: { email: fileCopiedEmail } }),
    // By hand: "Billing → Budgets".
    ...(monthlyBudgetUsd === 0 ? {} : { monthlyBudgetUsd }),
  };
}

function worker(settings: Settings): NonNullable<WordFreqPipelineProps['worker']> {
  const { cpu, memoryMiB: memoryLimitMiB, minTasks, maxTasks, jobSeconds, drainMinutes } = settings;
  return {
    // By hand: "ECS → Create cluster", "Create task definition → Fargate, CPU, memory", "Create service".
    cpu,
    memoryLimitMiB,
    architecture: settings.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    // By hand: "Service auto scaling", with CloudWatch alarms on the queue.
    scaling: {
      minTasks,
      maxTasks,
      jobDuration: Duration.seconds(jobSeconds),
      drainTarget: Duration.minutes(drainMinutes),
    },
  };
}
