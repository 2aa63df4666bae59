import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BootstraplessSynthesizer,
  CfnCondition,
  CfnParameter,
  Fn,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ExistingRoles } from '../src/existing-roles.ts';
import { WordFreqPipeline } from '../src/wordfreq-pipeline.ts';
import { WorkerImage } from '../src/worker-image.ts';

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  readonly version: string;
};

/** A lab has little money. */
const MAX_TASKS = 4;

/**
 * The pipeline for accounts where one existing role does everything and nothing can be bootstrapped, as a
 * template that the console or `aws cloudformation deploy` takes as it is: settings are parameters, and there
 * is no IAM resource and no asset.
 */
export class LabStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, {
      ...props,
      description: `wordfreq ${version} for a lab: the whole pipeline with one existing role.`,
      synthesizer: new BootstraplessSynthesizer(),
      // The template's size is limited to 51,200 bytes.
      suppressTemplateIndentation: true,
    });
    const text = (name: string, Default: string, description: string): string =>
      new CfnParameter(this, name, { type: 'String', default: Default, description }).valueAsString;
    const roleName = text('RoleName', 'LabRole', 'The existing role that everything uses.');
    const repositoryName = text('ImageRepository', 'wordfreq-worker', 'The ECR repository of the worker.');
    const tag = text('ImageTag', version, 'The tag of the worker that runs.');
    const architecture = new CfnParameter(this, 'Architecture', {
      type: 'String',
      default: 'X86_64',
      allowedValues: ['X86_64', 'ARM64'],
      description: 'What the image was built for; CloudShell builds for X86_64.',
    });
    const email = new CfnParameter(this, 'AlarmEmail', {
      type: 'String',
      default: '',
      allowedPattern: '|[^\\s@]+@[^\\s@]+\\.[^\\s@]+',
      description: 'Who gets alarms; confirm the mail that SNS sends first. Empty: nobody.',
    });
    const { alarmTopic } = new WordFreqPipeline(this, 'WordFreq', {
      roles: ExistingRoles.fromName(this, roleName),
      image: WorkerImage.fromEcr(Repository.fromRepositoryName(this, 'Repository', repositoryName), tag),
      worker: {
        architecture: CpuArchitecture.of(architecture.valueAsString),
        scaling: { maxTasks: MAX_TASKS },
      },
      backup: false,
    });
    const subscription = new CfnSubscription(this, 'AlarmMail', {
      topicArn: alarmTopic.topicArn,
      protocol: 'email',
      endpoint: email.valueAsString,
    });
    subscription.cfnOptions.condition = new CfnCondition(this, 'HasAlarmEmail', {
      expression: Fn.conditionNot(Fn.conditionEquals(email.valueAsString, '')),
    });
  }
}
