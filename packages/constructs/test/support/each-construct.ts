import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import {
  BacklogScaling,
  BucketToQueue,
  MonthlyBudget,
  PageLoadBalancer,
  PipelineAlarms,
  PipelineDashboard,
  QueueWorkerService,
  ResultStore,
  TableBackup,
  UploadCopy,
  WordFreqPipeline,
  WorkerImage,
  WorkerNetwork,
} from '../../src/index.ts';
import { theirs } from '../../tools/existing-resources.ts';

const image = WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1');
/** A bucket of a stack that retains nothing. */
const copies = (stack: Stack) => new Bucket(stack, 'Copies', { removalPolicy: RemovalPolicy.DESTROY });
const jobs = (stack: Stack) => new Queue(stack, 'Jobs');
const workers = (stack: Stack) =>
  new QueueWorkerService(stack, 'Service', { queue: jobs(stack), image, port: 8080 });
const upload = (stack: Stack) => new UploadCopy(stack, 'Upload', { destination: copies(stack) });

function service(stack: Stack): FargateService {
  const taskDefinition = theirs.taskDefinition(stack);
  taskDefinition.addContainer('Main', { image: image.bind(stack, undefined as never).image });
  return new FargateService(stack, 'Service', { cluster: theirs.cluster(stack), taskDefinition });
}

/**
 * Creates each exported construct alone with the properties in `more`, and next to it whatever it needs.
 */
export const EACH_CONSTRUCT: Readonly<
  Record<string, (stack: Stack, more: (stack: Stack) => object) => Construct>
> = {
  WordFreqPipeline: (stack, more) => new WordFreqPipeline(stack, 'It', { image, page: {}, ...more(stack) }),
  UploadCopy: (stack, more) => new UploadCopy(stack, 'It', { destination: copies(stack), ...more(stack) }),
  BucketToQueue: (stack, more) => new BucketToQueue(stack, 'It', { bucket: copies(stack), ...more(stack) }),
  QueueWorkerService: (stack, more) =>
    new QueueWorkerService(stack, 'It', { queue: jobs(stack), image, ...more(stack) }),
  BacklogScaling: (stack, more) =>
    new BacklogScaling(stack, 'It', { service: service(stack), queue: jobs(stack), ...more(stack) }),
  ResultStore: (stack, more) => new ResultStore(stack, 'It', more(stack)),
  TableBackup: (stack, more) => new TableBackup(stack, 'It', { table: theirs.table(stack), ...more(stack) }),
  WorkerNetwork: (stack, more) => new WorkerNetwork(stack, 'It', more(stack)),
  PageLoadBalancer: (stack, more) =>
    new PageLoadBalancer(stack, 'It', { workers: workers(stack), ...more(stack) }),
  PipelineAlarms: (stack, more) => {
    const topic = new Topic(stack, 'Topic');
    const [watched, dead] = [workers(stack), new Queue(stack, 'Dead')];
    const queue = stack.node.findChild('Jobs') as Queue;
    const props = { topic, jobs: queue, workers: watched, upload: upload(stack) };
    return new PipelineAlarms(stack, 'It', {
      ...props,
      jobDeadLetters: dead,
      undeliveredResults: dead,
      ...more(stack),
    });
  },
  PipelineDashboard: (stack, more) => {
    const watched = workers(stack);
    const queue = stack.node.findChild('Jobs') as Queue;
    const props = { jobs: queue, workers: watched, upload: upload(stack), alarms: [] };
    return new PipelineDashboard(stack, 'It', { ...props, ...more(stack) });
  },
  MonthlyBudget: (stack, more) =>
    new MonthlyBudget(stack, 'It', { limitUsd: 9, email: 'team@example.com', ...more(stack) }),
};
