import type { Cloud } from './cloud.ts';
import { cloudError } from './cloud-error.ts';
import {
  type CloudOptions,
  type OtherFlags,
  type ResourceNameOptions,
  resourceNames,
} from './resource-names.ts';

/** What every command that calls AWS takes. */
export interface OpenCloudOptions extends CloudOptions, ResourceNameOptions {}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens a pipeline by options and environment variables, runs `use` with it, and closes its connections. What AWS refuses comes out as
 * one sentence with a hint.
 *
 * @throws CliError, exit code 2 for what was not named, 3 for what does not exist or is not allowed
 */
export async function withCloud<T>(
  options: OpenCloudOptions,
  environment: Environment,
  use: (cloud: Cloud) => Promise<T>,
  flags: OtherFlags = {},
): Promise<T> {
  const names = resourceNames(options, environment, flags);
  const { cloudOver, createCloudClients } = await import('./cloud.ts');
  const clients = createCloudClients(options, environment);
  try {
    return await use(cloudOver(clients, names));
  } catch (error) {
    throw cloudError(error, names);
  } finally {
    clients.destroy();
  }
}
