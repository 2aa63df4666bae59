import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployed, deployTemplate, publishAssets } from '../emulators/deploy-template.ts';
import { closeGaps, findDifferences } from '../emulators/judge-template.ts';
import { type Emulator, startEmulator } from '../emulators/start-emulator.ts';
import { missingBuild, synthesizeVariant } from '../emulators/synthesize-variant.ts';
import { missingForPythonJudges } from '../support/python.ts';
import { withAwsCli } from './aws-cli.ts';
import { documentedAwsCommands } from './documented-commands.ts';

const missing = missingForPythonJudges() || missingBuild();
/** Commands of these pages are for `wordfreq local`, and run there. */
const isForLocal = ({ page, command }: { page: string; command: string }): boolean =>
  page === 'packages/cli/README.md' && !command.includes('aws ecs ');
/**
 * The lab's page starts with an empty account and needs docker: `judges/deployment/lab.test.ts` runs it, with
 * stand-ins, but for the step that counts a file, whose lines other pages have as well.
 */
const LAB = 'packages/constructs/docs/lab.md';
const commands = documentedAwsCommands().filter((one) => one.page !== LAB && !isForLocal(one));
const pages = [...new Set(commands.map(({ page }) => page))];

describe.runIf(missing === '')(`the AWS CLI as our pages use it on a deployed stack${missing}`, () => {
  let folder: string;
  let moto: Emulator;
  let deployed: Deployed;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stack-'));
    moto = await startEmulator('moto');
    const variant = await synthesizeVariant('default');
    await publishAssets(moto, variant);
    deployed = await deployTemplate(moto, variant, 'WordFreq');
    // moto would refuse every upload by the policies that ask for TLS.
    const differences = await findDifferences(moto, variant, deployed);
    await closeGaps(moto, variant, deployed, differences, ['AWS::S3::BucketPolicy']);
    await moto.boto3.call('s3', 'create_bucket', { Bucket: 'acme-uploads' });
  });
  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(pages)('runs the commands of %s, in their order', async (page) => {
    const lines = commands
      .filter((one) => one.page === page)
      .map(({ command }) => withNames(command, deployed));
    await withAwsCli(lines.join('\n'), folder, moto.environment);
  });

  it('stops copying and all workers of the stack, as operations.md says', async () => {
    const { boto3 } = moto;
    const [, cluster, service] = idOf(deployed, ':service/').split('/');
    await boto3.call('ecs', 'update_service', { cluster, service, desiredCount: 2 });
    const stop = commands.find(({ command }) => command.includes('--no-enabled'))?.command ?? '';
    await withAwsCli(stop, folder, moto.environment);
    const ServiceNamespace = 'ecs';
    // One, so it is the template's own.
    expect(
      await boto3.call('application-autoscaling', 'describe_scalable_targets', { ServiceNamespace }),
    ).toMatchObject({ ScalableTargets: [{ MinCapacity: 0, MaxCapacity: 0 }] });
    expect(await boto3.call('lambda', 'list_event_source_mappings', {})).toMatchObject({
      EventSourceMappings: [{ State: 'Disabled' }],
    });
    expect(await boto3.call('ecs', 'describe_services', { cluster, services: [service] })).toMatchObject({
      services: [{ desiredCount: 0 }],
    });
  });
});

/** Replaces what readers are to fill in by names. */
function withNames(command: string, deployed: Deployed): string {
  const task = idOf(deployed, ':task-definition/');
  return command.replaceAll('<family>', task.split('/').at(-1)?.split(':')[0] ?? '');
}

function idOf({ physicalIds }: Deployed, part: string): string {
  return [...physicalIds.values()].find((id) => id.includes(part)) ?? '';
}
