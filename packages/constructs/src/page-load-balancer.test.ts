import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { ListenerCertificate } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { signIn } from '../test/support/sign-in.ts';
import { synthesize } from '../test/support/synthesize.ts';
import {
  type NetworkMode,
  PageLoadBalancer,
  type PageLoadBalancerOptions,
  QueueWorkerService,
  WordFreqPipeline,
  WorkerImage,
} from './index.ts';

const IMAGE = WorkerImage.fromRegistry('public.ecr.aws/acme/resizer:3');

describe(PageLoadBalancer, () => {
  it('requires allowFrom for an internet-facing load balancer', () => {
    const build = (props: object) => (stack: Stack) => {
      const service = new QueueWorkerService(stack, 'Workers', {
        queue: new Queue(stack, 'Jobs'),
        image: IMAGE,
        port: 8080,
      });
      new PageLoadBalancer(stack, 'Page', { workers: service, ...props });
    };
    expect(() => synthesize(build({ internetFacing: true }))).toThrow('Expected allowFrom');
    const { template } = synthesize(
      build({ internetFacing: true, allowFrom: [Peer.ipv4('203.0.113.0/24')] }),
    );
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Port: 8080,
      HealthCheckPath: '/healthz',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '203.0.113.0/24', FromPort: 80 })],
    });
  });
});

describe('signing in at the page', () => {
  const pipeline =
    (page: PageLoadBalancerOptions, mode: NetworkMode = 'nat') =>
    (stack: Stack) => {
      new WordFreqPipeline(stack, 'WordFreq', {
        network: { mode },
        image: IMAGE,
        upload: { code: 'inline' },
        backup: false,
        page,
      });
    };

  it('comes before the page, and lets people act on it only with allowActions', () => {
    const certificate = ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:123456789012:certificate/1');
    const asked = synthesize(pipeline({ certificate, signIn, allowActions: true }));
    asked.template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTPS',
      DefaultActions: [
        Match.objectLike({ Type: 'authenticate-oidc', Order: 1 }),
        Match.objectLike({ Type: 'forward', Order: 2 }),
      ],
    });
    asked.template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Environment: Match.arrayWith([
            { Name: 'PAGE_ACTIONS', Value: 'true' },
            { Name: 'PAGE_LOAD_BALANCER_ARN', Value: { Ref: Match.stringLikeRegexp('PageLoadBalancer') } },
          ]),
        }),
      ],
    });
    const quiet = synthesize(pipeline({ certificate, signIn }));
    expect(JSON.stringify(quiet.template.toJSON())).not.toContain('PAGE_ACTIONS');
  });

  it('needs a load balancer that can reach the provider', () => {
    const certificate = ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:123456789012:certificate/1');
    const shown = { internetFacing: true, allowFrom: [Peer.ipv4('203.0.113.0/24')] };
    for (const mode of ['public', 'isolated'] as const) {
      expect(() => synthesize(pipeline({ certificate, signIn }, mode))).toThrow('must reach the provider');
    }
    expect(() => synthesize(pipeline({ certificate, signIn, ...shown }, 'public'))).not.toThrow();
    const { template } = synthesize(pipeline({ certificate, signIn, ...shown }, 'nat'));
    // Not where tasks are, which nobody reaches from the internet.
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: Array(2).fill({ Ref: Match.stringLikeRegexp('VpcnatSubnet') }),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: Match.arrayWith([Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443 })]),
    });
  });

  it('rejects an internet-facing load balancer in an isolated network', () => {
    const shown = { internetFacing: true, allowFrom: [Peer.ipv4('203.0.113.0/24')] };
    expect(() => synthesize(pipeline(shown, 'isolated'))).toThrow('cannot be reached from the internet');
  });

  it('needs HTTPS, and allowActions needs signIn', () => {
    expect(() => synthesize(pipeline({ signIn }))).toThrow('Expected a certificate with signIn');
    expect(() => synthesize(pipeline({ allowActions: true }))).toThrow('Expected signIn with allowActions');
  });
});
