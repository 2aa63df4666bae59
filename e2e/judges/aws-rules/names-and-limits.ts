/** What else AWS refuses: a second resource of the same name, and what is too large. */
import { stringify } from 'yaml';
import type { JudgedTemplate, TemplateResource } from '../support/templates.ts';
import { type DeployedTemplate, NAME_PROPERTIES } from './deployed-template.ts';
import { SERVICE_ARROWS } from './service-arrows.ts';

type Json = Readonly<Record<string, unknown>>;

const kept = ({ DeletionPolicy }: TemplateResource): boolean => /^Retain/.test(DeletionPolicy ?? '');

/** Whether a name differs for every stack that is ever created. */
const isOfThisStack = (name: unknown): boolean => JSON.stringify(name).includes('AWS::StackId');

/**
 * Whether a creation that is rolled back could not delete it: what has logs in it already, and a protected
 * table.
 */
function mustStay(template: DeployedTemplate, id: string): boolean {
  const { Replicas = [], Bucket } = template.properties(id);
  const isProtected = (Replicas as Json[]).some(
    ({ DeletionProtectionEnabled }) => DeletionProtectionEnabled === true,
  );
  return isProtected || takesLogs(template, id) || takesLogs(template, template.idOf(Bucket));
}

const takesLogs = (template: DeployedTemplate, id: string | undefined): boolean =>
  id !== undefined &&
  SERVICE_ARROWS.filter(({ action }) => action === 's3:PutObject')
    .flatMap(({ find }) => find(template))
    .some(({ to }) => template.idOf(to) === id);

/**
 * What stays when its stack goes, or when its first creation is rolled back, is in the way of the next stack
 * if that gives it the same name. Names that the template's owner chose are the owner's; `owned` has them.
 */
export function judgeNames(template: DeployedTemplate, owned: (name: string) => boolean): string[] {
  return [...template.resources].flatMap(([id, resource]) => {
    if (!kept(resource)) return [];
    const found: string[] = [];
    const name = resource.Properties?.[NAME_PROPERTIES[resource.Type] ?? ''];
    if (name !== undefined && !isOfThisStack(name) && !owned(String(name))) {
      found.push(`fixed name and kept: ${id} is ${JSON.stringify(name)} in every stack`);
    }
    if (resource.DeletionPolicy !== 'RetainExceptOnCreate' && !mustStay(template, id)) {
      found.push(
        `kept after a creation that failed: ${id} has the deletion policy ${resource.DeletionPolicy}`,
      );
    }
    return found;
  });
}

/** The policy of a retained resource must be retained, too, because it is what demands TLS. */
export function judgeKeptPolicies(template: DeployedTemplate): string[] {
  return template.ofType('AWS::S3::BucketPolicy').flatMap(([id, { Bucket }]) => {
    const bucket = template.resources.get(template.idOf(Bucket) ?? '');
    const policy = template.resources.get(id);
    if (bucket === undefined || policy === undefined || !kept(bucket) || kept(policy)) return [];
    return [`kept without its policy: ${id} goes with the stack, ${template.idOf(Bucket)} stays`];
  });
}

const MAX_BODY_BYTES = 51_200;
const MAX_UPLOADED_BYTES = 1_000_000;
const MAX_RESOURCES = 500;
const MAX_INLINE_POLICY_CHARACTERS = 10_240;
const MAX_INLINE_CODE_BYTES = 4096;

/** The sizes that CloudFormation and IAM accept. */
export function judgeSizes(
  { body, inRequest }: Pick<JudgedTemplate, 'body' | 'inRequest'>,
  template: DeployedTemplate,
): string[] {
  const found: string[] = [];
  const atMost = (what: string, size: number, limit: number): void => {
    if (size > limit) found.push(`too large: ${what} has ${size} of ${limit}`);
  };
  // The CDK CLI sends YAML, which is longer than our JSON.
  const bytes = Buffer.byteLength(stringify(body, { schema: 'yaml-1.1', lineWidth: 0 }));
  atMost(
    `the template as YAML${inRequest ? ' in a request' : ''}`,
    bytes,
    inRequest ? MAX_BODY_BYTES : MAX_UPLOADED_BYTES,
  );
  atMost('the number of resources', template.resources.size, MAX_RESOURCES);
  for (const [role] of template.ofType('AWS::IAM::Role')) {
    const own = template
      .ofType('AWS::IAM::Policy')
      .filter(([, { Roles }]) => (Roles as unknown[]).some((name) => template.idOf(name) === role))
      .map(([, { PolicyDocument }]) => JSON.stringify(PolicyDocument).length);
    atMost(
      `what ${role} may do`,
      own.reduce((sum, length) => sum + length, 0),
      MAX_INLINE_POLICY_CHARACTERS,
    );
  }
  for (const [id, { Code }] of template.ofType('AWS::Lambda::Function')) {
    atMost(
      `the code of ${id}`,
      Buffer.byteLength(String((Code as Json)['ZipFile'] ?? '')),
      MAX_INLINE_CODE_BYTES,
    );
  }
  return found;
}
