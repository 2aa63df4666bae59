import {
  ExistingRoles,
  type PageLoadBalancerOptions,
  type WordFreqPipelineProps,
} from '@org/wordfreq-constructs';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { ListenerCertificate } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { signIn } from '../../../packages/constructs/test/support/sign-in.ts';

/** A way to deploy the pipeline that has policies of its own. */
export interface Variant {
  readonly name: string;
  readonly props: (stack: Stack) => Partial<WordFreqPipelineProps>;
  /** More of the worker's environment. */
  readonly worker?: Readonly<Record<string, string>>;
}

const page: PageLoadBalancerOptions = {
  certificate: ListenerCertificate.fromArn('arn:aws:acm:us-east-1:000000000000:certificate/1'),
  signIn,
  allowActions: true,
  internetFacing: true,
  allowFrom: [Peer.anyIpv4()],
};

/** So many words in each result that those of a large file do not fit into an item. */
const MANY_WORDS = { TOP_WORDS: '10000' };

/** Each trigger, role mode and notification is in one of them. */
export const VARIANTS: readonly Variant[] = [
  { name: 'default', props: () => ({}) },
  { name: 'page', props: () => ({ page, notify: 'each' }) },
  {
    name: 'digest',
    props: () => ({
      notify: 'digest',
      digestInterval: Duration.minutes(1),
      upload: { trigger: 'notification', code: 'inline' },
    }),
  },
  {
    name: 'spill',
    props: (stack) => ({
      results: { spillBucket: new Bucket(stack, 'Spill', { versioned: true }) as IBucket },
      page: {},
      upload: { trigger: 'eventbridge', code: 'inline' },
    }),
    worker: MANY_WORDS,
  },
  {
    name: 'existing-roles',
    props: (stack) => ({ roles: ExistingRoles.fromName(stack, 'LabRole') }),
  },
  {
    name: 'zero-tasks',
    props: () => ({
      upload: { code: 'inline', bucketProps: { versioned: false } },
      processingBucketProps: { versioned: false },
      worker: { initialTasks: 0, scaling: { minTasks: 0, maxTasks: 3 }, taskProtection: false },
    }),
  },
  { name: 'in-place', props: () => ({ copyUploads: false, page: {} }) },
  {
    name: 'in-place-topic',
    props: (stack) => ({
      copyUploads: false,
      encryptionKey: new Key(stack, 'Key'),
      jobs: { via: 'sns' },
    }),
  },
  {
    name: 'customer-key',
    props: (stack) => {
      const encryptionKey = new Key(stack, 'Key');
      const spillBucket = new Bucket(stack, 'Spill', {
        encryption: BucketEncryption.KMS,
        encryptionKey,
      }) as IBucket;
      return { encryptionKey, results: { spillBucket }, page, notify: 'each' };
    },
    worker: MANY_WORDS,
  },
];
