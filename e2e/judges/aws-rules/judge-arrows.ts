import { anonymousPrincipal } from '@cloud-copilot/iam-simulate';
import { allows, type PolicyDocument, type Request } from '../support/policies.ts';
import { ACCOUNT, type DeployedTemplate } from './deployed-template.ts';
import { type FoundPolicy, resourcePolicy, rolePolicies } from './policies-in-template.ts';
import { BACKUP_POLICY, ROLE_ARROWS, type RoleArrow, type RoleUse } from './role-arrows.ts';
import { type Delivery, SERVICE_ARROWS, type ServiceArrow, type SourceKey } from './service-arrows.ts';

const STRANGER = '999999999999';

/** A finding of a judge: a rule, and a description of what breaks it. */
type Violation = string;

/** What was checked, by the arrow's name: an arrow that no template has would prove nothing. */
export type Seen = Map<string, number>;

/**
 * Every arrow of a template that AWS would deny, that would allow strangers, or that is used too early.
 */
export async function judgeArrows(template: DeployedTemplate, seen: Seen = new Map()): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const arrow of SERVICE_ARROWS) {
    for (const delivery of arrow.find(template)) {
      const to = template.idOf(delivery.to);
      // A policy that is not in the template is not ours to judge.
      if (to === undefined) continue;
      seen.set(arrow.name, (seen.get(arrow.name) ?? 0) + 1);
      found.push(...(await judgeDelivery(template, arrow, delivery, to)));
    }
  }
  for (const arrow of ROLE_ARROWS) {
    for (const use of arrow.find(template)) {
      const role = template.idOf(use.role);
      if (role === undefined) continue;
      seen.set(arrow.name, (seen.get(arrow.name) ?? 0) + 1);
      found.push(...(await judgeRole(template, arrow, use, role)));
    }
  }
  return [...found, ...judgeBackupRole(template)];
}

async function judgeDelivery(
  template: DeployedTemplate,
  arrow: ServiceArrow,
  { from, source, to: toArn, below }: Delivery,
  to: string,
): Promise<Violation[]> {
  const found: Violation[] = [];
  const policy = resourcePolicy(template, to);
  const resource = below === undefined ? template.arn(to) : `${template.arn(to)}/${below}`;
  const { name, service: principal, action } = arrow;
  const context = { ...said(arrow.sends, source, ACCOUNT), ...arrow.context };
  const request = { principal, action, resource, context };
  if (!(await allows(request, { ofResource: policy.document }, ACCOUNT))) {
    found.push(`${name}: ${from} cannot reach ${to} (${JSON.stringify(toArn)})`);
  }
  // The policy that SNS itself gives a topic without one cannot be narrowed.
  for (const [who, strange] of policy.madeBy.length === 0 ? [] : strangers(arrow, request, source)) {
    if (await allows(strange, { ofResource: policy.document }, ACCOUNT)) {
      found.push(`${name}: ${to} lets ${who} in`);
    }
  }
  if (arrow.policyFirst) found.push(...judgeOrder(template, name, policy.madeBy, from));
  return [...found, ...(await judgeKey(template, arrow, from, source, to))];
}

function judgeOrder(
  template: DeployedTemplate,
  name: string,
  madeBy: readonly string[],
  from: string,
): Violation[] {
  return madeBy
    .filter((policy) => policy !== from && !template.makesBefore(policy, from))
    .map((policy) => `${name}: ${from} is made before ${policy}`);
}

/** What a service states about whom it acts for. */
function said(keys: readonly SourceKey[], source: string, account: string): Record<string, string> {
  const values: Record<SourceKey, string> = { 'aws:SourceArn': source, 'aws:SourceAccount': account };
  return Object.fromEntries(keys.map((key) => [key, values[key]]));
}

/** Requests that must be denied, with who makes them. */
function strangers(arrow: ServiceArrow, request: Request, source: string): [who: string, request: Request][] {
  const list: [string, Request][] = [
    ['another service', { ...request, principal: 'iot.amazonaws.com' }],
    [
      'a role of another account',
      { ...request, principal: `arn:aws:iam::${STRANGER}:role/Stranger`, context: {} },
    ],
    ['everybody', { ...request, principal: anonymousPrincipal, context: {} }],
  ];
  if (arrow.action === 'sts:AssumeRole') list.pop();
  if (arrow.narrow !== 'nothing') {
    const theirs = said(arrow.sends, source.replaceAll(ACCOUNT, STRANGER), STRANGER);
    list.push(['the service for another account', { ...request, context: { ...arrow.context, ...theirs } }]);
  }
  if (arrow.narrow === 'source') {
    const other = said(arrow.sends, `${source}-other`, ACCOUNT);
    list.push(['the service for another source', { ...request, context: { ...arrow.context, ...other } }]);
  }
  if (request.resource.includes(`/AWSLogs/${ACCOUNT}/`)) {
    const resource = request.resource.replace(`/AWSLogs/${ACCOUNT}/`, `/AWSLogs/${STRANGER}/`);
    if (arrow.narrow === 'nothing') list.push(['the logs of another account', { ...request, resource }]);
  }
  return list;
}

/** By which property each type names its key. */
function keyOf(template: DeployedTemplate, id: string): string | undefined {
  const properties = template.properties(id);
  const [rule] = ((properties['BucketEncryption'] as Json | undefined)?.[
    'ServerSideEncryptionConfiguration'
  ] ?? []) as Json[];
  const ofBucket = (rule?.['ServerSideEncryptionByDefault'] as Json | undefined)?.['KMSMasterKeyID'];
  const key = properties['KmsMasterKeyId'] ?? ofBucket;
  return key === undefined ? undefined : String(key);
}

type Json = Readonly<Record<string, unknown>>;

async function judgeKey(
  template: DeployedTemplate,
  arrow: ServiceArrow,
  from: string,
  source: string,
  to: string,
): Promise<Violation[]> {
  const key = keyOf(template, to);
  if (key === undefined || arrow.key === 'none') return [];
  if (arrow.key === 'never')
    return [`${arrow.name}: ${to} is encrypted with a key that the service cannot use`];
  if (key.startsWith('alias/aws/'))
    return [`${arrow.name}: ${to} has a key of AWS, which lets no service in`];
  const id = template.idOf(key);
  if (id === undefined) return [];
  const { document: ofResource } = resourcePolicy(template, id);
  const found: Violation[] = [];
  for (const action of ['kms:GenerateDataKey', 'kms:Decrypt']) {
    const resource = template.arn(id);
    const request = { principal: arrow.service, action, resource, context: said(arrow.key, source, ACCOUNT) };
    if (!(await allows(request, { ofResource }, ACCOUNT))) {
      found.push(`${arrow.name}: ${from} cannot use the key ${id} of ${to}: ${action}`);
    }
    const others: Request[] = [
      { ...request, principal: 'iot.amazonaws.com' },
      { ...request, principal: `arn:aws:iam::${STRANGER}:role/Stranger`, context: {} },
    ];
    for (const other of others) {
      if (await allows(other, { ofResource }, ACCOUNT))
        found.push(`${arrow.name}: the key ${id} lets strangers in`);
    }
  }
  return found;
}

async function judgeRole(
  template: DeployedTemplate,
  { name, policyFirst }: RoleArrow,
  { from, role: principal, actions, resource, encrypted }: RoleUse,
  role: string,
): Promise<Violation[]> {
  const policies = rolePolicies(template, role);
  const found: Violation[] = [];
  const needed = async (action: string, on: string, ofResource?: PolicyDocument): Promise<void> => {
    const request = { principal: String(principal), action, resource: on };
    const may = (some: readonly FoundPolicy[]): Promise<boolean> =>
      allows(request, { ofPrincipal: some.map(({ document }) => document), ofResource }, ACCOUNT);
    if (!(await may(policies)))
      found.push(`${name}: ${role} may not ${action} on ${on}, which ${from} needs`);
    if (!policyFirst) return;
    const early = policies.filter(({ madeBy }) => madeBy.every((one) => template.makesBefore(one, from)));
    if (early.length < policies.length && (await may(policies)) && !(await may(early))) {
      found.push(`${name}: ${from} is made before the policy of ${role} that allows ${action}`);
    }
  };
  for (const action of actions) await needed(action, resource);
  const [key, id] = keyAndId(template, encrypted?.resource);
  if (key === undefined) return found;
  const ofResource = id === undefined ? undefined : resourcePolicy(template, id).document;
  for (const action of encrypted?.actions ?? []) await needed(action, key, ofResource);
  return found;
}

function keyAndId(
  template: DeployedTemplate,
  resource: unknown,
): [key: string | undefined, id: string | undefined] {
  const id = template.idOf(resource);
  const key = id === undefined ? undefined : keyOf(template, id);
  return [key, template.idOf(key)];
}

function judgeBackupRole(template: DeployedTemplate): Violation[] {
  return template.ofType('AWS::Backup::BackupSelection').flatMap(([from, { BackupSelection }]) => {
    const role = template.idOf((BackupSelection as Json)['IamRoleArn']);
    if (role === undefined) return [];
    const managed = (template.properties(role)['ManagedPolicyArns'] ?? []) as string[];
    if (managed.some((arn) => arn.endsWith(BACKUP_POLICY))) return [];
    return [
      `AWS Backup to the table: ${role} has not the managed policy ${BACKUP_POLICY}, which ${from} needs`,
    ];
  });
}
