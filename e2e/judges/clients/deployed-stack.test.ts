import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
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
const commands = documentedAwsCommands().filter((one) => !isForLocal(one));
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
});

/** Puts names in for what readers are to fill in. */
function withNames(command: string, { physicalIds }: Deployed): string {
  const task = [...physicalIds.values()].find((id) => id.includes(':task-definition/')) ?? '';
  return command.replaceAll('<family>', task.split('/').at(-1)?.split(':')[0] ?? '');
}
