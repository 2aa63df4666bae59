import { connect } from 'node:net';
import { formatMilliseconds } from '../render/format-number.ts';
import { type Finding, ok, problem } from './finding.ts';
import type { Service } from './pipeline-parts.ts';

/** The services' names, as AWS writes them and as the variables for their endpoints have them. */
export const SERVICES: Readonly<Record<Service, { readonly name: string; readonly variable: string }>> = {
  s3: { name: 'S3', variable: 'AWS_ENDPOINT_URL_S3' },
  sqs: { name: 'SQS', variable: 'AWS_ENDPOINT_URL_SQS' },
  dynamodb: { name: 'DynamoDB', variable: 'AWS_ENDPOINT_URL_DYNAMODB' },
  sns: { name: 'SNS', variable: 'AWS_ENDPOINT_URL_SNS' },
};

const TIMEOUT_MS = 3000;

/** Where a service's calls go: to the endpoint that an option or a variable names, or to AWS. */
export function endpointOf(
  service: Service,
  region: string,
  endpointUrl: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const named = endpointUrl ?? environment[SERVICES[service].variable] ?? environment['AWS_ENDPOINT_URL'];
  if (named !== undefined && named !== '') return named;
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `https://${service}.${region}.${suffix}`;
}

/** Opens a connection to an endpoint, and says nothing on it. */
export async function checkEndpoint(service: Service, endpoint: string): Promise<Finding> {
  const check = SERVICES[service].name;
  const cure = `Start it (wordfreq local), or check the network, --region, --endpoint-url, AWS_ENDPOINT_URL and ${SERVICES[service].variable}.`;
  if (!URL.canParse(endpoint)) return problem(check, `${endpoint} is no URL`, cure);
  const { hostname, port, protocol } = new URL(endpoint);
  const started = performance.now();
  try {
    await reach(hostname, Number(port || (protocol === 'http:' ? 80 : 443)));
    return ok(check, `${endpoint} answers after ${formatMilliseconds(performance.now() - started)}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return problem(check, `nothing answers at ${endpoint} (${code ?? message})`, cure);
  }
}

function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: TIMEOUT_MS });
    socket.on('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.on('timeout', () => socket.destroy(new Error('no answer in time')));
    socket.on('error', reject);
  });
}
