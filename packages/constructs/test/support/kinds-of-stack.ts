/**
 * The kinds of stack that people create with the constructs, in one place for all tests of templates: those
 * of this package and the judges in `e2e/judges`. Add a kind for each new option that changes what is
 * deployed.
 */
import { type App, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { UploadCopy, WordFreqPipeline, type WordFreqPipelineProps, WorkerImage } from '../../src/index.ts';
import { theirs } from '../../tools/existing-resources.ts';
import { EACH_CONSTRUCT } from './each-construct.ts';
import { signIn } from './sign-in.ts';
import { buildVariant, nameOf, VARIANTS } from './variants.ts';

const ENV = { account: '123456789012', region: 'eu-central-1' } as const;

/** One kind of stack. */
export interface Kind {
  readonly name: string;
  readonly build: (stack: Stack) => void;
  readonly stackProps?: StackProps;
}

/** A stack of that kind, in an app of the caller's. */
export function stackOf(app: App, { build, stackProps }: Kind): Stack {
  const stack = new Stack(app, 'Stack', stackProps);
  build(stack);
  return stack;
}

/** An image of a repository of the account, which tasks of every network can pull. */
const image = (scope: Construct): WorkerImage =>
  WorkerImage.fromEcr(Repository.fromRepositoryName(scope, 'Repository', 'wordfreq-worker'), '1.0.0');

type PropsOf = (stack: Stack) => Partial<WordFreqPipelineProps>;

/** A pipeline with an inline copy Lambda, so that nothing has to be built first. */
function pipeline(name: string, propsOf: PropsOf, stackProps: StackProps = { env: ENV }): Kind {
  const build = (stack: Stack): void => {
    const { upload, ...props } = propsOf(stack);
    const needsCode = props.copyUploads !== false && upload?.function === undefined;
    new WordFreqPipeline(stack, 'WordFreq', {
      image: image(stack),
      ...props,
      upload: { ...(needsCode ? { code: 'inline' as const } : {}), ...upload },
    });
  };
  return { name, build, stackProps };
}

const existingRoles = (stack: Stack): Partial<WordFreqPipelineProps> => ({ roles: theirs.roles(stack) });
const customerKey = (stack: Stack): Partial<WordFreqPipelineProps> => ({
  encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY }),
});

/** Every combination of roles, network and trigger, with the page and all mails, in an unknown region. */
const MATRIX = VARIANTS.map((variant): Kind => {
  const build = (stack: Stack): void => buildVariant(stack, variant);
  return { name: nameOf(variant), build };
});

/** The certificate of the page. */
const certificate = (stack: Stack): Certificate =>
  Certificate.fromCertificateArn(
    stack,
    'Certificate',
    'arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  ) as Certificate;

/** A password that Secrets Manager keeps, and a parameter of Systems Manager. */
const secretsOf = (stack: Stack): NonNullable<WordFreqPipelineProps['worker']> => {
  const parameter = StringParameter.fromSecureStringParameterAttributes(stack, 'Token', {
    parameterName: '/acme/token',
  });
  const secrets = {
    PASSWORD: EcsSecret.fromSecretsManager(new Secret(stack, 'Password')),
    TOKEN: EcsSecret.fromSsmParameter(parameter),
  };
  return { containerProps: { secrets } };
};

const everythingGiven: PropsOf = (stack) => ({
  upload: { bucket: theirs.bucket(stack), function: theirs.function(stack) },
  jobs: { topic: theirs.topic(stack), deadLetterQueue: theirs.deadLetters(stack) },
  results: {
    table: theirs.table(stack),
    queue: theirs.queue(stack),
    deadLetterQueue: theirs.deadLetters(new Construct(stack, 'Results')),
  },
  backup: {
    plan: theirs.plan(stack),
    vault: theirs.vault(stack),
    logger: theirs.function(new Construct(stack, 'Logger')),
    logGroup: theirs.logGroup(stack),
  },
  network: { vpc: theirs.vpc(stack) },
  page: { loadBalancer: theirs.loadBalancer(stack), listener: theirs.listener(stack), priority: 3 },
  dashboard: theirs.dashboard(stack),
  alarmEmail: 'team@example.com',
});

/** What settings besides roles, network and trigger change. */
const SETTINGS: readonly Kind[] = [
  pipeline('all defaults', () => ({})),
  pipeline('a key, queue trigger', (stack) => ({ ...customerKey(stack), upload: { trigger: 'queue' } })),
  pipeline('a key, notification trigger', (stack) => ({
    ...customerKey(stack),
    upload: { trigger: 'notification' },
  })),
  pipeline('a key, EventBridge both ways', (stack) => ({
    ...customerKey(stack),
    upload: { trigger: 'eventbridge' },
    jobs: { via: 'eventbridge' },
  })),
  pipeline('a key, existing roles', (stack) => ({ ...customerKey(stack), ...existingRoles(stack) })),
  pipeline('EventBridge both ways', () => ({
    upload: { trigger: 'eventbridge' },
    jobs: { via: 'eventbridge' },
  })),
  pipeline('uploads counted in place', () => ({ copyUploads: false })),
  pipeline('uploads counted in place, a key', (stack) => ({ ...customerKey(stack), copyUploads: false })),
  pipeline('uploads counted in place, existing roles', (stack) => ({
    ...existingRoles(stack),
    copyUploads: false,
  })),
  pipeline('uploads counted in place, through a topic', () => ({
    copyUploads: false,
    upload: { prefix: 'in/', suffix: '.md' },
    jobs: { email: 'team@example.com' },
  })),
  pipeline('uploads counted in place, in an existing bucket', (stack) => ({
    copyUploads: false,
    upload: { bucket: theirs.bucket(stack) },
  })),
  pipeline('secrets of the account', (stack) => ({ worker: secretsOf(stack) })),
  pipeline('secrets of the account, isolated network', (stack) => ({
    worker: secretsOf(stack),
    network: { mode: 'isolated' },
  })),
  pipeline('everything goes with the stack', () => ({ removalPolicy: RemovalPolicy.DESTROY })),
  pipeline('names of the owner', () => ({
    upload: { bucketProps: { bucketName: 'acme-uploads' } },
    processingBucketProps: { bucketName: 'acme-processing' },
    results: { tableProps: { tableName: 'acme-results' } },
  })),
  pipeline('no logs, no backup, no dashboard', () => ({
    accessLogs: false,
    backup: false,
    dashboard: false,
  })),
  pipeline('a task always runs', () => ({ worker: { scaling: { minTasks: 1 } } })),
  pipeline('running tasks by CPU samples', () => ({ worker: { scaling: { runningTasks: 'cpu-samples' } } })),
  pipeline('a public page', () => ({
    page: { internetFacing: true, allowFrom: [Peer.ipv4('203.0.113.0/24')] },
  })),
  pipeline('a public page with sign-in and redrive', (stack) => ({
    page: {
      internetFacing: true,
      allowFrom: [Peer.anyIpv4()],
      certificate: certificate(stack),
      signIn,
      allowActions: true,
    },
  })),
  pipeline('a mail for each file and result', () => ({
    jobs: { email: 'team@example.com' },
    resultEmail: 'team@example.com',
    alarmEmail: 'team@example.com',
    notify: 'each',
  })),
  pipeline('everything given', everythingGiven),
  pipeline('everything given, existing roles', (stack) => ({
    ...everythingGiven(stack),
    ...existingRoles(stack),
  })),
];

const PARTS: readonly Kind[] = [
  ...Object.entries(EACH_CONSTRUCT).flatMap(([name, make]): Kind[] =>
    // The pipeline's variants are above.
    name === 'WordFreqPipeline'
      ? []
      : [{ name: `${name} alone`, build: (stack) => void make(stack, () => ({})), stackProps: { env: ENV } }],
  ),
  {
    name: 'UploadCopy alone, notification trigger',
    build: (stack) => {
      new UploadCopy(stack, 'It', {
        destination: theirs.bucket(stack),
        trigger: 'notification',
        code: 'inline',
      });
    },
    stackProps: { env: ENV },
  },
];

/** All of them; their names are unique. */
export const KINDS_OF_STACK: readonly Kind[] = [...MATRIX, ...SETTINGS, ...PARTS];
