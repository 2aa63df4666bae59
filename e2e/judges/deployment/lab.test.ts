import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../support/emulators.ts';
import { missingForPythonJudges } from '../support/python.ts';
import { fencesOf, runIn } from './documented-commands.ts';

// The commands of docs/lab.md as they are printed, in an account of moto. Three programs stand in for what is
// not there: `npx` runs the command line of this repository, `curl` takes the files of a package from this repository, and `docker` notes what it was asked
// to do, and pushes by giving ECR a manifest.
const ROOT = resolve(import.meta.dirname, '../../..');
const LAB = 'packages/constructs/docs/lab.md';
const missing = missingForPythonJudges();
const folder = mkdtempSync(join(tmpdir(), 'wordfreq-lab-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CURL = `#!/usr/bin/env bash
url="\${!#}"
[[ $url =~ ^https://unpkg.com/@org/wordfreq-([a-z]+)@[0-9.]+/(.*)$ ]] || { echo "no such page: $url" >&2; exit 22; }
file="${ROOT}/packages/\${BASH_REMATCH[1]}/\${BASH_REMATCH[2]}"
if [[ " $* " == *O\\ * ]]; then cp "$file" .; else cat "$file"; fi
`;
const DOCKER = `#!/usr/bin/env bash
echo "docker $*" >> docker.log
case "$1" in
  build) grep -q '^ENTRYPOINT' ;;
  push) aws ecr put-image --repository-name wordfreq-worker --image-tag "\${2##*:}" --image-manifest '{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json"}' > /dev/null ;;
  login) cat > /dev/null ;;
esac
`;

function program(name: string, text: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'bin', name), text);
  chmodSync(join(folder, 'bin', name), 0o755);
}
/** The published command is that of this repository. moto names its queues as AWS does, but is reached elsewhere. */
const NPX = `#!/usr/bin/env bash
[[ $1 == @org/wordfreq-cli ]] || { echo "no such package: $1" >&2; exit 1; }
for name in \${!JOBS*} \${!DEAD*} \${!UPLOADS*}; do
  export "$name=\${!name/#https:\\/\\/sqs.us-east-1.amazonaws.com/$AWS_ENDPOINT_URL}"
done
exec "${process.execPath}" --conditions=@org/source "${ROOT}/packages/cli/src/main.ts" "\${@:2}"
`;
program('npx', NPX);
program('curl', CURL);
program('docker', DOCKER);

const trust = (...services: string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: services.map((Service) => ({
      Effect: 'Allow',
      Principal: { Service },
      Action: 'sts:AssumeRole',
    })),
  });

/** A template with the outputs of the released one, and parts of the kinds that they name. */
function partsInOutputs(): object {
  const file = join(ROOT, 'packages/constructs/lab/wordfreq-lab.template.json');
  const { Resources, Outputs } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
    readonly Outputs: object;
  };
  const text = JSON.stringify(Outputs);
  const named = Object.entries(Resources).flatMap(([id, { Type }]) =>
    text.includes(`"${id}"`) ? [[id, Type.includes('Table') ? TABLE : { Type }] as const] : [],
  );
  return { Resources: Object.fromEntries(named), Outputs };
}

/** A flow log to a bucket's prefix, and a dashboard that names alarms (see deployment.test.ts). */
function leaveOutWhatMotoCannotMake(file: string): void {
  const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, { Type: string }> };
  for (const [id, { Type }] of Object.entries(template.Resources))
    if (Type === 'AWS::EC2::FlowLog' || Type === 'AWS::CloudWatch::Dashboard') delete template.Resources[id];
  writeFileSync(file, JSON.stringify(template));
}

/** As results need it. */
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'object', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'object', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};

/**
 * One of each kind that a stack keeps; moto cannot delete our whole stack, as it ends a network before what
 * is in it.
 */
const KEPT = {
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { VersioningConfiguration: { Status: 'Enabled' } },
    DeletionPolicy: 'Retain',
  },
  Table: {
    ...TABLE,
    Properties: { ...TABLE.Properties, DeletionProtectionEnabled: true },
    DeletionPolicy: 'Retain',
  },
  Vault: {
    Type: 'AWS::Backup::BackupVault',
    Properties: { BackupVaultName: 'kept' },
    DeletionPolicy: 'Retain',
  },
};
const EVERYTHING = [
  "aws s3api list-buckets --query 'Buckets[].Name' --output text",
  "aws dynamodb list-tables --query 'TableNames[]' --output text",
  "aws backup list-backup-vaults --query 'BackupVaultList[].BackupVaultName' --output text",
  "aws cloudformation list-stacks --stack-status-filter CREATE_COMPLETE --query 'StackSummaries[].StackName' --output text",
  "aws ecr describe-repositories --query 'repositories[].repositoryName' --output text",
].join('\n');

describe.skipIf(missing !== '')(`a lab${missing}`, () => {
  const [image = ''] = fencesOf(LAB, '## 1. Build and push the image');
  const [preflight = ''] = fencesOf(LAB, '## 2. Check that everything is there');
  const [deploy = ''] = fencesOf(LAB, '## 3. Deploy');
  const [count = ''] = fencesOf(LAB, '## 4. Count a file');
  const [remove = ''] = fencesOf(LAB, '## Remove it');
  const version = /^VERSION=.*$/m.exec(image)?.[0] ?? '';

  let moto: Emulator;
  let home: string;
  beforeEach(async () => {
    moto = await startEmulator('moto');
    home = mkdtempSync(join(folder, 'home-'));
  });
  afterEach(async () => moto.stop());

  const shell = (commands: string): Promise<string> =>
    runIn(home, commands, {
      ...moto.environment,
      PATH: join(folder, 'bin'),
      AWS_ENDPOINT_URL: moto.endpoint.replace('127.0.0.1', 'localhost'),
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: home,
    });
  const createRole = (...services: string[]): Promise<string> =>
    shell(`aws iam create-role --role-name LabRole --assume-role-policy-document '${trust(...services)}'`);
  /** What a command that fails prints. */
  const failureOf = (commands: string): Promise<string> =>
    shell(commands).then(
      () => expect.fail(`${commands} was expected to fail`),
      ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => stdout + stderr,
    );

  it('is prepared and deployed by the printed commands', async () => {
    await createRole('ecs-tasks.amazonaws.com', 'lambda.amazonaws.com');
    await shell(image);
    expect(readFileSync(join(home, 'docker.log'), 'utf8')).toMatch(/^docker build --build-arg VERSION=/m);
    const found = await shell(`${version}\n${preflight}`);
    expect(found).toContain('Ready to deploy.');
    expect(found).toContain('AWSServiceRoleForECS is there now');
    const [download = '', ...deployIt] = deploy.split('\n');
    await shell(`${version}\n${download}`);
    leaveOutWhatMotoCannotMake(join(home, 'wordfreq-lab.template.json'));
    await shell([version, ...deployIt].join('\n'));
    const keys = await shell('aws cloudformation list-stack-resources --stack-name WordFreq --output text');
    expect(keys).not.toContain('AWS::IAM');
  });

  it('counts a file by the printed commands, which find the stack’s parts in its outputs', async () => {
    writeFileSync(join(home, 'outputs.json'), JSON.stringify(partsInOutputs()));
    // moto leaves out the outputs of a stack that a change set makes, as "deploy" does.
    await shell('aws cloudformation create-stack --stack-name WordFreq --template-body file://outputs.json');
    // It runs no Lambda: the upload stays where it is, and the last command says so.
    const explained = await shell(count);
    expect(explained).toMatch(/my\.txt\n {2}uploaded\n {2}It was uploaded at /);
    expect(explained).toMatch(/upload {2}s3:\/\/wordfreq-wordfrequpload\S*, 19 B/);
  });

  it('is cleaned up by the printed commands, with everything that the stack keeps', async () => {
    await shell('aws ecr create-repository --repository-name wordfreq-worker');
    writeFileSync(join(home, 'kept.json'), JSON.stringify({ Resources: KEPT }));
    await shell('aws cloudformation deploy --stack-name WordFreq --template-file kept.json');
    const named = (await shell(EVERYTHING)).trim().split(/\s+/);
    const [bucket = ''] = named;
    // Versions and a delete marker.
    await shell(
      `for i in 1 2; do echo $i > a; aws s3 cp a s3://${bucket}/a; done; aws s3 rm s3://${bucket}/a`,
    );
    const [download = '', ...removeIt] = remove.split('\n');
    expect(await failureOf(`${version}\n${download}\necho no | bash remove.sh WordFreq`)).toContain(bucket);
    expect((await shell(EVERYTHING)).trim().split(/\s+/)).toEqual(named);
    await shell(removeIt.join('\n').replace('bash', 'echo WordFreq | bash'));
    expect((await shell(EVERYTHING)).trim()).toBe('');
  });

  it('is told by the preflight what is missing, with the command for it, and nothing is changed', async () => {
    await createRole('lambda.amazonaws.com');
    const script = join(ROOT, 'packages/constructs/lab/preflight.sh');
    const told = await failureOf(`bash ${script}`);
    expect(told).toContain('✗ LabRole may not be used by ecs-tasks.amazonaws.com');
    expect(told).toContain('✔ LabRole may be used by lambda');
    expect(told).toContain('aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com');
    expect(told).toContain('aws ecr create-repository --repository-name wordfreq-worker');
    expect(told).toMatch(/\d missing\.\n$/);
    expect(await failureOf('aws iam get-role --role-name AWSServiceRoleForECS')).toContain('NoSuchEntity');
    expect(await failureOf(`ROLE=Nobody bash ${script}`)).toContain('✗ the role Nobody cannot be read');
    await shell('aws ecr create-repository --repository-name wordfreq-worker');
    expect(await failureOf(`bash ${script}`)).toContain('✗ wordfreq-worker is empty');
  });
});
