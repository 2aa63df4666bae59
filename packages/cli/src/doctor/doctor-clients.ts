import { SNSClient } from '@aws-sdk/client-sns';
import type { CommonValues } from '../command-line/command.ts';
import { type CloudClients, createCloudClients } from '../pipeline/cloud.ts';

/** One client per service. */
export interface DoctorClients extends CloudClients {
  readonly sns: SNSClient;
}

/** Short, so that a service that cannot be reached is soon reported. */
const TIMEOUTS = { connectionTimeout: 3000, requestTimeout: 10_000 };

/** Creates the clients as every command does, but without retries: the doctor reports the first failure. */
export function createDoctorClients(
  options: Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'>,
  environment: Readonly<Record<string, string | undefined>>,
): DoctorClients {
  const once = { maxAttempts: 1, requestHandler: TIMEOUTS };
  const clients = createCloudClients(options, environment, once);
  const { region, endpointUrl, profile } = options;
  const sns = new SNSClient({
    ...once,
    ...(region === undefined ? {} : { region }),
    ...(endpointUrl === undefined ? {} : { endpoint: endpointUrl }),
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    ...clients,
    sns,
    destroy() {
      clients.destroy();
      sns.destroy();
    },
  };
}
