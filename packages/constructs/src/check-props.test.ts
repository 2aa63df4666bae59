import { readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { checkProps } from './check-props.ts';
import { MonthlyBudget } from './monthly-budget.ts';
import { WordFreqPipeline } from './wordfreq-pipeline.ts';
import type { WordFreqPipelineProps } from './wordfreq-pipeline-props.ts';
import { WorkerImage } from './worker-image.ts';

const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1.0.0');

/** Properties of a caller in JavaScript, without type checks. */
function construct(props: (stack: Stack) => object): void {
  const stack = new Stack(new App(), 'Test');
  new WordFreqPipeline(stack, 'WordFreq', { image, ...props(stack) } as WordFreqPipelineProps);
}

const fifo = (stack: Stack): Queue => new Queue(stack, 'Fifo', { fifo: true });

describe('the error that the README shows', () => {
  it('is the one that is thrown', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const [, shown = ''] = /With `notify: 'all'`.*?```text\n(.*?)\n```/s.exec(readme) ?? [];
    expect(() => construct(() => ({ notify: 'all' }))).toThrow(new Error(shown));
  });
});

/** Mistakes of callers in JavaScript, and the error for each. */
const MISTAKES: Readonly<Record<string, readonly [props: (stack: Stack) => object, message: RegExp]>> = {
  'no image': [() => ({ image: undefined }), /image to be a WorkerImage, such as .*, got undefined/],
  'an image by its name': [
    () => ({ image: 'acme/worker:1' }),
    /image to be a WorkerImage.*, got 'acme\/worker:1'/,
  ],
  'a word that notify does not know': [
    () => ({ notify: 'all' }),
    /notify to be 'failures', 'each', 'digest' or 'none', got 'all'/,
  ],
  'a trigger that does not exist': [
    () => ({ upload: { trigger: 'sqs' } }),
    /UploadCopy: trigger to be 'queue', 'notification' or 'eventbridge', got 'sqs'/,
  ],
  'a way that does not exist': [
    () => ({ jobs: { via: 'topic' } }),
    /via to be 'sns', 'sqs' or 'eventbridge', got 'topic'/,
  ],
  'code that does not exist': [
    () => ({ upload: { code: 'zip' } }),
    /code to be 'asset' or 'inline', got 'zip'/,
  ],
  'a network that does not exist': [
    () => ({ network: { mode: 'private' } }),
    /mode to be 'public', 'isolated' or 'nat', got 'private'/,
  ],
  'a misspelt property': [
    () => ({ alarmMail: 'a@example.com' }),
    /one of image, .*alarmEmail.*, got the unknown "alarmMail"/,
  ],
  'a misspelt property of a part': [
    () => ({ worker: { memory: 512 } }),
    /worker: one of .*memoryLimitMiB.*"memory"/,
  ],
  'a misspelt property of a part of a part': [
    () => ({ worker: { scaling: { max: 3 } } }),
    /BacklogScaling: one of .*"max"/,
  ],
  'a misspelt property of the container': [
    () => ({ worker: { containerProps: { secret: {} } } }),
    /containerProps: .*"secret"/,
  ],
  'a misspelt property of the CDK’s bucket': [
    () => ({ upload: { bucketProps: { lifecycleRule: [], versioned: true } } }),
    /bucketProps to be an object with "lifecycleRules" instead of the unknown "lifecycleRule", got \{ lifecycleRule, versioned \}/,
  ],
  'a misspelt property of the CDK’s processing bucket': [
    () => ({ processingBucketProps: { enforceSsl: false } }),
    /processingBucketProps to be an object with "enforceSSL" instead of the unknown "enforceSsl"/,
  ],
  'a misspelt property of the CDK’s table': [
    () => ({ results: { tableProps: { pointInTimeRecovry: false } } }),
    /tableProps to be an object with "pointInTimeRecovery" instead of the unknown "pointInTimeRecovry"/,
  ],
  'a misspelt property of the CDK’s queue': [
    () => ({ jobs: { queueProps: { visibilityTimout: Duration.seconds(9) } } }),
    /queueProps to be an object with "visibilityTimeout" instead of the unknown "visibilityTimout"/,
  ],
  'a misspelt property of the CDK’s function': [
    () => ({ upload: { functionProps: { memmorySize: 512 } } }),
    /functionProps to be an object with "memorySize" instead of the unknown "memmorySize"/,
  ],
  'a FIFO queue for jobs': [
    (stack) => ({ jobs: { queue: fifo(stack), deadLetterQueue: new Queue(stack, 'Dead') } }),
    /queue to be a standard queue.*FIFO queue, got Test\/Fifo/,
  ],
  'a FIFO queue for jobs by its properties': [
    () => ({ jobs: { queueProps: { fifo: true } } }),
    /standard queue/,
  ],
  'a FIFO queue for results': [
    (stack) => ({ results: { queue: fifo(stack) } }),
    /ResultStore: queue to be a standard queue/,
  ],
  'a stop that Fargate cuts short': [
    () => ({ worker: { stopTimeout: Duration.seconds(300) } }),
    /stopTimeout to be a Duration from 1 to 120 seconds .*, got 300 seconds/,
  ],
  'a number instead of a duration': [
    () => ({ worker: { stopTimeout: 30 } }),
    /stopTimeout to be a Duration .*, got 30/,
  ],
  'a number instead of a duration of scaling': [
    () => ({ worker: { scaling: { drainTarget: 300 } } }),
    /drainTarget to be a Duration, such as Duration\.minutes\(5\), got 300/,
  ],
  'a word instead of properties': [
    () => ({ network: 'private' }),
    /network to be an object with properties, got 'private'/,
  ],
  'nothing instead of properties': [
    () => ({ worker: null }),
    /worker to be an object with properties, got null/,
  ],
  'a list instead of properties': [() => ({ results: [] }), /results to be an object with properties/],
  'true instead of properties': [
    () => ({ backup: true, page: true }),
    /backup to be an object.*page to be an object/,
  ],
  'messages that are never hidden': [
    () => ({ jobs: { visibilityTimeout: Duration.seconds(0) } }),
    /visibilityTimeout to be a Duration from 3 to 43200 seconds .*, got 0 seconds/,
  ],
  'messages that are never hidden, by the queue’s properties': [
    () => ({ jobs: { queueProps: { visibilityTimeout: Duration.seconds(0) } } }),
    /a visibilityTimeout above 0 for Test\/WordFreq\/Jobs\/Queue, got 0/,
  ],
  'no weight at all': [
    () => ({ worker: { spotWeight: 0, onDemandWeight: 0 } }),
    /spotWeight or onDemandWeight above 0/,
  ],
  'a VPC with zones that would be ignored': [
    (stack) => ({ network: { vpc: new Vpc(stack, 'Vpc'), maxAzs: 3 } }),
    /"vpc" or "maxAzs", got both/,
  ],
  'a table with other keys': [
    (stack) => ({
      results: {
        table: new TableV2(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } }),
      },
    }),
    /partition key "object" and the sort key "version".* of Test\/Table, got id \(HASH\)/,
  ],
  'an address that is none': [
    () => ({ alarmEmail: 'not an email' }),
    /alarmEmail to be an e-mail address .*, got 'not an email'/,
  ],
  'an address that is none, for results': [
    () => ({ resultEmail: 'team' }),
    /resultEmail to be an e-mail address/,
  ],
};

describe(checkProps, () => {
  it.each(Object.entries(MISTAKES))('says in one sentence what is wrong with %s', (_, [props, message]) => {
    expect(() => construct(props)).toThrow(message);
  });

  it('passes on what a newer CDK may know', () => {
    expect(() => construct(() => ({ upload: { bucketProps: { brandNewFeature: true } } }))).not.toThrow();
  });

  it('names all mistakes at once', () => {
    expect(() => construct(() => ({ notify: 'all', resultsEmail: 'a@example.com' }))).toThrow(
      /"resultsEmail"; notify to be .*, got 'all'\.$/,
    );
  });

  it('says what is missing where all properties are', () => {
    const stack = new Stack(new App(), 'Test');
    const Pipeline = WordFreqPipeline as new (...given: unknown[]) => unknown;
    expect(() => new Pipeline(stack, 'WordFreq')).toThrow(/WordFreqPipeline: image to be a WorkerImage/);
    expect(() => new MonthlyBudget(stack, 'Budget', { limitUsd: 10, email: '' })).toThrow(
      /email to be an e-mail/,
    );
  });

  it.each(['acme/worker:latest', 'acme/worker', 'registry:5000/acme/worker'])(
    'refuses the image %s, because what runs would change by itself',
    (reference) => {
      expect(() => WorkerImage.fromRegistry(reference)).toThrow(/a tag or digest that names a version, got/);
    },
  );

  it.each(['acme/worker:1', 'registry:5000/acme/worker:1', `acme/worker@sha256:${'a'.repeat(64)}`])(
    'takes the image %s',
    (reference) => {
      expect(WorkerImage.fromRegistry(reference)).toBeInstanceOf(WorkerImage);
    },
  );
});
