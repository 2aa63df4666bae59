import { afterAll, describe, expect, it } from 'vitest';
import {
  type JudgedTemplate,
  synthesizeAll,
  type TemplateBody,
  type TemplateResource,
} from '../support/templates.ts';
import { judgeChange } from './changed-networks.ts';
import { DeployedTemplate } from './deployed-template.ts';
import { EQUIVALENT } from './equivalent-mutations.ts';
import { judgeTemplate } from './judge-template.ts';
import { judgeMetricMath } from './metric-math.ts';
import { mutationsOf } from './mutations.ts';
import { judgeSizes } from './names-and-limits.ts';
import { ROLE_ARROWS } from './role-arrows.ts';
import { SERVICE_ARROWS } from './service-arrows.ts';

const { templates, remove } = synthesizeAll();
afterAll(remove);

const judged = templates.map((one) => ({ ...one, deployed: new DeployedTemplate(one) }));
const named = (name: string): JudgedTemplate & { deployed: DeployedTemplate } => {
  const found = judged.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`Expected a template "${name}", got ${judged.map((one) => one.name)}`);
  return found;
};

describe('AWS', () => {
  it.each(judged.map((one) => [one.name, one] as const))(
    'would take and run: %s',
    async (_, { deployed }) => {
      expect(await judgeTemplate(deployed)).toEqual([]);
    },
  );

  it('takes every template by its size, as the CDK CLI sends it', () => {
    const found = judged.flatMap((one) =>
      judgeSizes(one, one.deployed).map((what) => `${one.name}: ${what}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ['public', 'nat'],
    ['nat', 'public'],
    ['isolated', 'nat'],
    ['nat', 'isolated'],
    ['public', 'isolated'],
  ])('can change the network from %s to %s', (from, to) => {
    const of = (mode: string): DeployedTemplate =>
      named(`default roles, ${mode} network, queue trigger`).deployed;
    expect(judgeChange(of(from), of(to))).toEqual([]);
  });

  it('is looked at from every side: each arrow is in some template', async () => {
    const seen = new Map<string, number>();
    for (const { deployed } of judged) await judgeTemplate(deployed, seen);
    const known = [...SERVICE_ARROWS, ...ROLE_ARROWS].map(({ name }) => name);
    expect(known.filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe('the model of AWS', () => {
  it('notices whatever is taken out of each kind of resource, but what is listed with a reason', async () => {
    const done = new Set<string>();
    const isNew = (entry: [string, TemplateResource]): boolean => {
      const before = done.size;
      return done.add(JSON.stringify(entry)).size > before;
    };
    const unused = new Set(EQUIVALENT);
    const unnoticed = new Set<string>();
    let count = 0;
    for (const { body, region, deployed } of judged) {
      const before = new Set(await judgeTemplate(deployed));
      for (const { name, body: mutated, order } of mutationsOf(body, isNew)) {
        count++;
        const template = new DeployedTemplate({ body: mutated, region });
        // Another way holds the same order.
        if (order !== undefined && template.makesBefore(order.first, order.next)) continue;
        const noticed = (await judgeTemplate(template)).some((violation) => !before.has(violation));
        if (noticed) continue;
        const reason = EQUIVALENT.find(({ mutation }) => mutation.test(name));
        if (reason === undefined) unnoticed.add(name);
        else unused.delete(reason);
      }
    }
    expect([...unnoticed]).toEqual([]);
    expect([...unused]).toEqual([]);
    expect(count).toBeGreaterThan(300);
  });

  it('notices what is too large', () => {
    const { body } = named('all defaults');
    const sizes = (changed: TemplateBody, inRequest = false): string[] =>
      judgeSizes(
        { body: changed, inRequest },
        new DeployedTemplate({ body: changed, region: 'eu-central-1' }),
      );
    const Queue = { Type: 'AWS::SQS::Queue' };
    const Large = { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: ' '.repeat(4097) } } };
    const Role = { Type: 'AWS::IAM::Role' };
    const PolicyDocument = { Statement: [{ Action: 'a'.repeat(10_240) }] };
    const Policy = { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument, Roles: [{ Ref: 'Role' }] } };
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`Queue${index}`, Queue]));
    expect([
      ...sizes(body, true),
      ...sizes({ Resources: many }),
      ...sizes({ Resources: { Large } }),
      ...sizes({ Resources: { Role, Policy } }),
    ]).toEqual([
      expect.stringMatching(/^too large: the template as YAML in a request has \d+ of 51200$/),
      'too large: the number of resources has 501 of 500',
      'too large: the code of Large has 4097 of 4096',
      expect.stringMatching(/^too large: what Role may do has \d+ of 10240$/),
    ]);
    expect(sizes(body)).toEqual([]);
  });

  it.each([
    ['(visible > 0) AND (running < TIME_SERIES(1))', 60, /never fires while work waits.* SQS 1 /],
    ['IF(visible > 0, running < TIME_SERIES(1), 0)', 60, /: Alarm fires while two tasks do all.* tasks 1 /],
    ['(visible > 0) AND (running < TIME_SERIES(1))', 300, undefined],
  ])('notices what late metrics do to %s in %i seconds', (Expression, Period, noticed) => {
    const query = (Id: string, MetricName: string): object => ({
      Id,
      MetricStat: { Metric: { MetricName }, Period, Stat: 'Maximum' },
    });
    const Metrics = [
      { Id: 'result', Expression },
      query('visible', 'ApproximateNumberOfMessagesVisible'),
      query('running', 'RunningTaskCount'),
    ];
    const rule = { Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' };
    const Resources = { Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...rule, Metrics } } };
    const found = judgeMetricMath(new DeployedTemplate({ body: { Resources }, region: 'eu-central-1' }));
    if (noticed === undefined) expect(found).toEqual([]);
    else expect(found).toContainEqual(expect.stringMatching(noticed));
  });

  it('notices a new subnet in the addresses of an old one', () => {
    const subnets = (blocks: Readonly<Record<string, string>>): DeployedTemplate => {
      const Resources = Object.fromEntries(
        Object.entries(blocks).map(([id, CidrBlock]) => [
          id,
          { Type: 'AWS::EC2::Subnet', Properties: { CidrBlock } },
        ]),
      );
      return new DeployedTemplate({ body: { Resources }, region: 'eu-central-1' });
    };
    const before = subnets({ Tasks: '10.0.0.0/20' });
    expect(judgeChange(before, subnets({ Tasks: '10.0.0.0/20', Nat: '10.0.16.0/24' }))).toEqual([]);
    expect(judgeChange(before, subnets({ Tasks: '10.0.16.0/20', Nat: '10.0.15.0/24' }))).toEqual([
      'Nat wants 10.0.15.0/24 while Tasks still has 10.0.0.0/20',
    ]);
  });
});
