import { WordCounter } from '@org/wordfreq-core';
import { packageVersion } from '../package-version.ts';
import type { DoctorClients } from './doctor-clients.ts';
import { type Finding, ok, problem } from './finding.ts';

/** The oldest Node that the program runs on; a test compares it with the manifest. */
export const OLDEST_NODE = '22.13';

/** Looks at what runs here: Node, this package, the engine. */
export function checkVersions(node: string = process.versions.node): readonly Finding[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_NODE.split('.').map(Number);
  const isNew = major > oldMajor || (major === oldMajor && minor >= oldMinor);
  return [
    isNew
      ? ok('Node', `${node}, needs ${OLDEST_NODE} or newer`)
      : problem('Node', `${node} is too old`, `Install Node ${OLDEST_NODE} or newer.`),
    ok('wordfreq', packageVersion()),
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

/** Looks for credentials and region, without a call of AWS. */
export async function checkSetup({ s3 }: Pick<DoctorClients, 's3'>): Promise<readonly Finding[]> {
  return [await checkCredentials(s3), await checkRegion(s3)];
}

async function checkCredentials(s3: DoctorClients['s3']): Promise<Finding> {
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

async function checkRegion(s3: DoctorClients['s3']): Promise<Finding> {
  try {
    return ok('region', await s3.config.region());
  } catch {
    return problem('region', 'none was named', 'Give --region or set AWS_REGION, such as eu-central-1.');
  }
}
