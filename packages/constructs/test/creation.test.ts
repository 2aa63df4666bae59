import type { Stack } from 'aws-cdk-lib';
import { Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import { type NetworkMode, QueueWorkerService, WorkerImage, WorkerNetwork } from '../src/index.ts';
import { type Statement, statementsOf, synthesize, type TemplateResource } from './support/synthesize.ts';
import { nameOf, synthesizeVariant, VARIANTS } from './support/variants.ts';

const MODES: readonly NetworkMode[] = ['public', 'isolated', 'nat'];

type Resources = ReadonlyMap<string, TemplateResource>;

const idsOf = (resources: Resources, type: string): string[] =>
  [...resources].filter(([, { Type }]) => Type === type).map(([id]) => id);

describe.each(VARIANTS.map((variant) => [nameOf(variant), variant] as const))('%s', (_, variant) => {
  const { resources } = synthesizeVariant(variant);

  it('lets the copy Lambda send to its dead letters before Lambda checks that it may', () => {
    const configs = idsOf(resources, 'AWS::Lambda::EventInvokeConfig');
    expect(configs).toHaveLength(variant.trigger === 'notification' ? 1 : 0);
    if (variant.roleMode === 'existing') return;
    const policies = idsOf(resources, 'AWS::IAM::Policy').filter((id) => id.includes('CopyRolePolicy'));
    for (const id of configs) expect(resources.get(id)?.DependsOn).toEqual(policies);
  });

  it('lets the load balancer write its log before it tries to', () => {
    const [policy = ''] = idsOf(resources, 'AWS::S3::BucketPolicy').filter((id) => id.includes('LogsPolicy'));
    const writers = (service: string): Statement[] =>
      statementsOf(resources.get(policy)).filter(({ Principal }) =>
        JSON.stringify(Principal).includes(service),
      );
    const [statement] = writers('logdelivery.elasticloadbalancing.amazonaws.com');
    expect(writers('logdelivery.elasticloadbalancing.amazonaws.com')).toHaveLength(1);
    expect(statement).toEqual({
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: {
        'Fn::Join': [
          '',
          [
            { 'Fn::GetAtt': [expect.stringContaining('Logs'), 'Arn'] },
            '/page/AWSLogs/',
            { Ref: 'AWS::AccountId' },
            '/*',
          ],
        ],
      },
    });
    for (const service of ['logging.s3.amazonaws.com', 'delivery.logs.amazonaws.com']) {
      for (const { Condition } of writers(service)) {
        expect(Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
      }
    }
    const [loadBalancer = ''] = idsOf(resources, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(resources.get(loadBalancer)?.DependsOn).toContain(policy);
  });

  it('stays within the limits of CloudFormation, Lambda and IAM', () => {
    expect(resources.size).toBeLessThanOrEqual(500);
    for (const { Type, Properties = {} } of resources.values()) {
      const { ZipFile = '' } = (Properties['Code'] ?? {}) as { ZipFile?: string };
      expect(ZipFile.length).toBeLessThanOrEqual(4096);
      if (Type === 'AWS::IAM::Policy') {
        expect(JSON.stringify(Properties['PolicyDocument']).length).toBeLessThanOrEqual(10_240);
      }
    }
  });

  it('starts tasks only when they can pull their image', () => {
    const [service = ''] = idsOf(resources, 'AWS::ECS::Service');
    const endpoints = idsOf(resources, 'AWS::EC2::VPCEndpoint');
    const ways =
      variant.mode === 'isolated'
        ? [
            ...endpoints,
            ...idsOf(resources, 'AWS::EC2::SecurityGroupIngress').filter((id) => /Endpoints/.test(id)),
          ]
        : idsOf(resources, 'AWS::EC2::Route').filter((id) => id.includes('tasksSubnet'));
    expect(ways).toHaveLength(variant.mode === 'isolated' ? 8 : 2);
    expect(resources.get(service)?.DependsOn).toEqual(expect.arrayContaining(ways));
  });
});

describe(WorkerNetwork, () => {
  /**
   * The subnets of every mode and number of zones, by logical id: what one stack may have one after the
   * other.
   */
  const subnets = (): Map<string, Set<string>> => {
    const ranges = new Map<string, Set<string>>();
    for (const mode of MODES) {
      for (const maxAzs of [1, 2]) {
        const { resources } = synthesize((stack) => {
          new WorkerNetwork(stack, 'Network', { mode, maxAzs, flowLogs: 'off' });
        });
        for (const id of idsOf(resources, 'AWS::EC2::Subnet')) {
          const range = String(resources.get(id)?.Properties?.['CidrBlock']);
          ranges.set(id, (ranges.get(id) ?? new Set()).add(range));
        }
      }
    }
    return ranges;
  };

  it('keeps the addresses of each subnet when mode or zones change, and no two subnets overlap', () => {
    const all = [...subnets()].map(([id, ranges]) => ({ id, ranges: [...ranges] }));
    expect(all.filter(({ ranges }) => ranges.length > 1)).toEqual([]);
    const spans = all.map(({ ranges: [range = ''] }) => spanOf(range)).sort((a, b) => a.from - b.from);
    expect(spans).toHaveLength(4);
    const overlaps = spans.filter((span, index) => span.from < (spans[index - 1]?.end ?? 0));
    expect(overlaps).toEqual([]);
  });
});

describe('an isolated network', () => {
  const isolated = (image: WorkerImage, secrets?: (stack: Stack) => Record<string, EcsSecret>) =>
    synthesize(
      (stack) => {
        new QueueWorkerService(stack, 'Workers', {
          queue: new Queue(stack, 'Jobs'),
          image,
          network: new WorkerNetwork(stack, 'Network', { mode: 'isolated' }),
          ...(secrets === undefined ? {} : { containerProps: { secrets: secrets(stack) } }),
        });
      },
      { env: { account: '123456789012', region: 'eu-central-1' } },
    );
  const ecr = WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1');

  it.each([
    'public.ecr.aws/acme/worker:1',
    'acme/worker:1',
    'ghcr.io/acme/worker:1',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com/worker:1',
  ])('has no way to %s, and says so', (reference) => {
    expect(() => isolated(WorkerImage.fromRegistry(reference))).toThrow(
      `Expected an image in ECR of this Region with the network mode 'isolated', got "${reference}"`,
    );
  });

  it('has endpoints for the secrets that tasks get when they start, and no others', () => {
    const endpoints = (secrets?: (stack: Stack) => Record<string, EcsSecret>): string[] => {
      const { resources } = isolated(ecr, secrets);
      const [service] = [...resources.values()].filter(({ Type }) => Type === 'AWS::ECS::Service');
      const ids = idsOf(resources, 'AWS::EC2::VPCEndpoint');
      expect(service?.DependsOn).toEqual(expect.arrayContaining(ids));
      const names = ids.map((id) => String(resources.get(id)?.Properties?.['ServiceName']));
      return names.flatMap((name) => /\.(secretsmanager|ssm)$/.exec(name)?.[1] ?? []);
    };
    const password = (stack: Stack): EcsSecret =>
      EcsSecret.fromSecretsManager(Secret.fromSecretNameV2(stack, 'Password', 'password'));
    const parameter = (stack: Stack): EcsSecret =>
      EcsSecret.fromSsmParameter(
        StringParameter.fromSecureStringParameterAttributes(stack, 'Token', { parameterName: '/token' }),
      );
    expect(endpoints()).toEqual([]);
    expect(endpoints((stack) => ({ PASSWORD: password(stack) }))).toEqual(['secretsmanager']);
    expect(endpoints((stack) => ({ TOKEN: parameter(stack) }))).toEqual(['ssm']);
    const both = endpoints((stack) => ({ PASSWORD: password(stack), TOKEN: parameter(stack) }));
    expect(both.sort()).toEqual(['secretsmanager', 'ssm']);
  });
});

function spanOf(range: string): { from: number; end: number } {
  const [address = '', bits = ''] = range.split('/');
  const from = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { from, end: from + 2 ** (32 - Number(bits)) };
}
