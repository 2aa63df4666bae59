/**
 * Each way in which an AWS service acts with a role of the template, and what the role must allow, as data.
 */
import { ACCOUNT, type DeployedTemplate } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

/** One use of a role, found in a template. */
export interface RoleUse {
  /** The logical id of what makes the service use the role. */
  readonly from: string;
  /** The role's ARN. */
  readonly role: unknown;
  readonly actions: readonly string[];
  readonly resource: string;
  /** ARN or URL of what may be encrypted with a key, and what the role must be allowed of KMS then. */
  readonly encrypted?: { readonly resource: unknown; readonly actions: readonly string[] };
}

export interface RoleArrow {
  readonly name: string;
  /** Whether the policy must be there before `from`: AWS looks for it then, or the service works at once. */
  readonly policyFirst: boolean;
  readonly find: (template: DeployedTemplate) => RoleUse[];
}

/** A function of this template, by what another resource names it. */
function functionOf(template: DeployedTemplate, name: unknown): Json | undefined {
  const id = template.idOf(name);
  return id === undefined ? undefined : template.properties(id);
}

function mappings(template: DeployedTemplate): RoleUse[] {
  return template.ofType('AWS::Lambda::EventSourceMapping').flatMap(([from, properties]) => {
    const { EventSourceArn: queue, FunctionName } = properties;
    const resource = String(queue);
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    const encrypted = { resource: queue, actions: ['kms:Decrypt'] };
    return [{ from, role: functionOf(template, FunctionName)?.['Role'], actions, resource, encrypted }];
  });
}

function failures(template: DeployedTemplate): RoleUse[] {
  const invokes = template.ofType('AWS::Lambda::EventInvokeConfig').flatMap(([from, properties]) => {
    const config = (properties['DestinationConfig'] ?? {}) as Readonly<Record<string, Json>>;
    const role = functionOf(template, properties['FunctionName'])?.['Role'];
    return Object.values(config).map(({ Destination }) => ({ from, role, to: Destination }));
  });
  const dead = template
    .ofType('AWS::Lambda::Function')
    .flatMap(([from, { DeadLetterConfig, Role: role }]) =>
      DeadLetterConfig === undefined ? [] : [{ from, role, to: (DeadLetterConfig as Json)['TargetArn'] }],
    );
  return [...invokes, ...dead].map(({ from, role, to }) => ({
    from,
    role,
    actions: [String(to).startsWith('arn:aws:sns:') ? 'sns:Publish' : 'sqs:SendMessage'],
    resource: String(to),
    encrypted: { resource: to, actions: ['kms:GenerateDataKey', 'kms:Decrypt'] },
  }));
}

const WRITE_LOG = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** A stream of a log group. */
function streamOf(template: DeployedTemplate, group: unknown): string {
  const id = template.idOf(group);
  const arn =
    id === undefined ? `arn:aws:logs:${template.region}:${ACCOUNT}:log-group:${group}:*` : template.arn(id);
  return `${arn.slice(0, -1)}log-stream:a`;
}

function functionLogs(template: DeployedTemplate): RoleUse[] {
  return template.ofType('AWS::Lambda::Function').flatMap(([from, { Role: role, LoggingConfig }]) => {
    const group = ((LoggingConfig ?? {}) as Json)['LogGroup'];
    return group === undefined
      ? []
      : [{ from, role, actions: WRITE_LOG, resource: streamOf(template, group) }];
  });
}

interface Container {
  readonly Image: string;
  readonly LogConfiguration?: {
    readonly LogDriver: string;
    readonly Options: Readonly<Record<string, string>>;
  };
  readonly Secrets?: readonly { readonly ValueFrom: string }[];
}

/** The containers of each service, whose tasks start only if the execution role may do its part. */
export function tasksOf(
  template: DeployedTemplate,
): { from: string; taskRole: unknown; role: unknown; containers: readonly Container[] }[] {
  return template.ofType('AWS::ECS::Service').flatMap(([from, { TaskDefinition }]) => {
    const id = template.idOf(TaskDefinition);
    if (id === undefined) return [];
    const { ExecutionRoleArn: role, TaskRoleArn: taskRole, ContainerDefinitions } = template.properties(id);
    return [{ from, role, taskRole, containers: ContainerDefinitions as Container[] }];
  });
}

const ECR_IMAGE = /^(?<account>\d+)\.dkr[.-]ecr\.(?<region>[\w-]+)\.[\w.]+\/(?<name>[^:@]+)[:@]/;

/** The repository of an image, if it is one of Amazon ECR. */
export function repositoryOf(image: string): string | undefined {
  const { account, region, name } = ECR_IMAGE.exec(image)?.groups ?? {};
  return name === undefined ? undefined : `arn:aws:ecr:${region}:${account}:repository/${name}`;
}

const pulls = (template: DeployedTemplate): RoleUse[] =>
  tasksOf(template).flatMap(({ from, role, containers }) =>
    containers.flatMap(({ Image }): RoleUse[] => {
      const repository = repositoryOf(Image);
      if (repository === undefined) return [];
      const layers = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
      return [
        { from, role, actions: ['ecr:GetAuthorizationToken'], resource: '*' },
        { from, role, actions: layers, resource: repository },
      ];
    }),
  );

const containerLogs = (template: DeployedTemplate): RoleUse[] =>
  tasksOf(template).flatMap(({ from, role, containers }) =>
    containers.flatMap(({ LogConfiguration: log }) =>
      log?.LogDriver === 'awslogs'
        ? [{ from, role, actions: WRITE_LOG, resource: streamOf(template, log.Options['awslogs-group']) }]
        : [],
    ),
  );

const secrets = (template: DeployedTemplate): RoleUse[] =>
  tasksOf(template).flatMap(({ from, role, containers }) =>
    containers.flatMap(({ Secrets = [] }) =>
      Secrets.map(({ ValueFrom }) => {
        const ofManager = ValueFrom.startsWith('arn:aws:secretsmanager:');
        return {
          from,
          role,
          actions: [ofManager ? 'secretsmanager:GetSecretValue' : 'ssm:GetParameters'],
          // A field, stage and version of the secret may follow.
          resource: ofManager ? ValueFrom.split(':').slice(0, 7).join(':') : ValueFrom,
        };
      }),
    ),
  );

export const ROLE_ARROWS: readonly RoleArrow[] = [
  { name: 'Lambda reads a queue', policyFirst: true, find: mappings },
  { name: 'Lambda sends failures', policyFirst: true, find: failures },
  { name: 'Lambda writes its log', policyFirst: false, find: functionLogs },
  { name: 'ECS pulls the image', policyFirst: true, find: pulls },
  { name: 'ECS writes the log', policyFirst: true, find: containerLogs },
  { name: 'ECS reads secrets', policyFirst: true, find: secrets },
];

/** What AWS Backup needs is a managed policy of AWS, which no template holds. */
export const BACKUP_POLICY = 'policy/service-role/AWSBackupServiceRolePolicyForBackup';
