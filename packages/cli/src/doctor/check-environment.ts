import { connect } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { WordCounter } from '@org/wordfreq-core';
import { isNewEnough, OLDEST_NODE } from '../builtin-modules.ts';
import type { Service } from '../pipeline/resource-names.ts';
import { formatMilliseconds } from '../terminal/format.ts';

/** The finding of a check. */
export interface Finding {
  /** What was checked, such as `credentials` or `jobs queue`. */
  readonly check: string;
  readonly status: 'ok' | 'problem' | 'not-checked';
  /** The finding itself. */
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** All is well. */
export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

/** Something keeps the pipeline from working. */
export function problem(check: string, detail: string, hint: string): Finding {
  return { check, status: 'problem', detail, hint };
}

/** The check could not be made. */
export function notChecked(check: string, detail: string, hint?: string): Finding {
  return { check, status: 'not-checked', detail, ...(hint === undefined ? {} : { hint }) };
}

/** Looks at what runs here: Node, this package, the engine. */
export function checkVersions(wordfreq: string, node: string = process.versions.node): readonly Finding[] {
  return [
    isNewEnough(node)
      ? ok('Node', `${node}, needs ${OLDEST_NODE} or newer`)
      : problem('Node', `${node} is too old`, `Install Node ${OLDEST_NODE} or newer.`),
    ok('wordfreq', wordfreq),
    checkEngine(),
  ];
}

function checkEngine(): Finding {
  try {
    new WordCounter({ engine: 'wasm' }).finish();
    return ok('engine', 'WebAssembly with SIMD');
  } catch {
    return ok('engine', 'JavaScript, which is slower: no WebAssembly with SIMD here');
  }
}

/** Checks credentials and region without calling AWS. */
export async function checkSetup({ s3 }: { readonly s3: S3Client }): Promise<readonly Finding[]> {
  return [await checkCredentials(s3), await checkRegion(s3)];
}

async function checkCredentials(s3: S3Client): Promise<Finding> {
  try {
    const { accessKeyId, sessionToken, expiration } = await s3.config.credentials();
    const kind = sessionToken === undefined ? 'long-lived' : 'temporary';
    const until = expiration === undefined ? '' : `, until ${expiration.toISOString()}`;
    return ok('credentials', `${kind}, access key …${accessKeyId.slice(-4)}${until}`);
  } catch (error) {
    return problem(
      'credentials',
      `none were found: ${(error as Error).message}`,
      'Log in (aws sso login), choose --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    );
  }
}

async function checkRegion(s3: S3Client): Promise<Finding> {
  try {
    return ok('region', await s3.config.region());
  } catch {
    return problem('region', 'none was named', 'Give --region or set AWS_REGION, such as eu-central-1.');
  }
}

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

/** Opens a connection to an endpoint, and sends nothing. */
export async function checkEndpoint(service: Service, endpoint: string): Promise<Finding> {
  const check = SERVICES[service].name;
  const hint = `Start it (wordfreq local), or check the network, --region, --endpoint-url, AWS_ENDPOINT_URL and ${SERVICES[service].variable}.`;
  if (!URL.canParse(endpoint)) return problem(check, `${endpoint} is no URL`, hint);
  const { hostname, port, protocol } = new URL(endpoint);
  const started = performance.now();
  try {
    await reach(hostname, Number(port || (protocol === 'http:' ? 80 : 443)));
    return ok(check, `${endpoint} answers after ${formatMilliseconds(performance.now() - started)}`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return problem(check, `nothing answers at ${endpoint} (${code ?? message})`, hint);
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
