/** Tasks without a route to the internet reach AWS through endpoints only, so each service needs one. */
import { defaultRoutes, subnetsOf } from './creation-order.ts';
import type { DeployedTemplate } from './deployed-template.ts';
import { rolePolicies } from './policies-in-template.ts';
import { repositoryOf, tasksOf } from './role-arrows.ts';

/**
 * The endpoints of a service, by the prefix of its actions in roles; other services have one of the same
 * name.
 */
const ENDPOINTS_OF: Readonly<Record<string, readonly string[]>> = {
  // Layers of images are objects of S3.
  ecr: ['ecr.api', 'ecr.dkr', 's3'],
  // Tasks ask their agent, which is outside their network.
  ecs: [],
  // The services that encrypt ask KMS themselves.
  kms: [],
};

/** What tasks of networks without a default route cannot reach. */
export function judgeIsolatedNetworks(template: DeployedTemplate): string[] {
  return tasksOf(template).flatMap(({ from, role, taskRole, containers }) => {
    const subnets = subnetsOf(template.properties(from));
    // Another owner's network is not in the template.
    if (subnets.some((subnet) => template.idOf(subnet) === undefined)) return [];
    if (defaultRoutes(template, subnets).length > 0) return [];
    const endpoints = new Set(
      template
        .ofType('AWS::EC2::VPCEndpoint')
        .map(([, { ServiceName }]) => String(ServiceName).split(`.${template.region}.`)[1]),
    );
    const needed = new Set([
      ...containers.flatMap(({ Secrets = [], LogConfiguration }) => [
        ...Secrets.map(({ ValueFrom }) => ValueFrom.split(':')[2] ?? ''),
        ...(LogConfiguration?.LogDriver === 'awslogs' ? ['logs'] : []),
      ]),
      ...[role, taskRole].flatMap((one) => servicesOf(template, one)),
      ...(containers.some(({ Image }) => repositoryOf(Image) !== undefined) ? ['ecr'] : []),
    ]);
    return [
      ...containers
        .filter(({ Image }) => repositoryOf(Image) === undefined)
        .map(({ Image }) => `isolated network: ${from} cannot pull ${Image} from outside`),
      ...[...needed]
        .flatMap((service) => ENDPOINTS_OF[service] ?? [service])
        .filter((endpoint) => !endpoints.has(endpoint))
        .map((endpoint) => `isolated network: ${from} has no endpoint for ${endpoint}`),
    ];
  });
}

/** The services whose actions a role of the template may do. */
function servicesOf(template: DeployedTemplate, role: unknown): string[] {
  const id = template.idOf(role);
  if (id === undefined) return [];
  return rolePolicies(template, id).flatMap(({ document }) =>
    document.Statement.flatMap(({ Action }) =>
      [Action].flat().map((action) => String(action).split(':')[0] ?? ''),
    ),
  );
}
