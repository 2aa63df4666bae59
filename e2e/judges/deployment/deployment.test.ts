import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startEmulator } from '../support/emulators.ts';
import { missingForPythonJudges } from '../support/python.ts';
import { fencesOf, run } from './documented-commands.ts';

const README = 'examples/reference-stack/README.md';
const missing = missingForPythonJudges();
const home = mkdtempSync(join(tmpdir(), 'wordfreq-home-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A lab's account: one role, and nothing that bootstrapping would make. */
const LAB_ROLE = `aws iam create-role --role-name LabRole --assume-role-policy-document '${JSON.stringify({
  Version: '2012-10-17',
  Statement: ['ecs-tasks.amazonaws.com', 'lambda.amazonaws.com'].map((Service) => ({
    Effect: 'Allow',
    Principal: { Service },
    Action: 'sts:AssumeRole',
  })),
})}'`;

type Shell = (commands: string, example?: string) => Promise<string>;

/** Uses an empty account, with a home of its own. */
async function inAccount(use: (shell: Shell) => Promise<void>, region = 'us-east-1'): Promise<void> {
  const moto = await startEmulator('moto');
  const environment = {
    ...moto.environment,
    // By name: moto finds the bucket in the address of a template only so.
    AWS_ENDPOINT_URL: moto.endpoint.replace('127.0.0.1', 'localhost'),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    HOME: home,
  };
  try {
    await use(async (commands, example = 'reference-stack') => run(commands, { example, environment }));
  } finally {
    await moto.stop();
  }
}

const statusOf = async (shell: Shell, stack: string): Promise<string> => {
  const query = `aws cloudformation describe-stacks --stack-name ${stack} --query 'Stacks[0].StackStatus' --output text`;
  return (await shell(query)).trim();
};

/**
 * What moto cannot make of our templates, once it has taken the change set: a flow log to a bucket's prefix
 * (it looks for a bucket of that name, and answers 500), and a dashboard that names alarms, which it has not
 * made yet.
 */
const GAPS = /500 Internal Server Error|Fn::GetAtt references undefined resource WordFreqAlarms/;

/**
 * Deploys, at least until CloudFormation has taken the template; a failure after that must be one of moto's
 * own.
 */
async function deploy(shell: Shell, commands: string, stack: string, example?: string): Promise<void> {
  const failure = await shell(commands, example).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (failure === undefined) {
    expect(await statusOf(shell, stack)).toBe('CREATE_COMPLETE');
    return;
  }
  expect(failure).toMatch(GAPS);
  const taken = `aws cloudformation list-change-sets --stack-name ${stack} --query 'Summaries[].Status' --output text`;
  // moto lists the other stacks' change sets, too.
  expect(new Set((await shell(taken)).trim().split(/\s+/))).toEqual(new Set(['CREATE_COMPLETE']));
}

/**
 * moto reads the template from its bucket and takes the change set; it looks at no size, and enforces no
 * policy.
 */
describe.skipIf(missing !== '')(`the documented deployment, in an account of moto${missing}`, () => {
  const [prepare = '', byCdk = '', byTemplate = ''] = fencesOf(README, '## Where only LabRole is there');

  it('works by the CDK where only LabRole is there, without bootstrap', async () => {
    await inAccount(async (shell) => {
      await shell(LAB_ROLE);
      expect(await shell(prepare)).toMatch(/ecs-tasks\.amazonaws\.com\s+lambda\.amazonaws\.com/);
      expect(await shell(byCdk)).toContain('✅  WordFreq\n');
      expect(await statusOf(shell, 'WordFreqRepository')).toBe('CREATE_COMPLETE');
      expect(await statusOf(shell, 'WordFreq')).toBe('CREATE_COMPLETE');
    });
  });

  it('works there by the synthesized templates alone', async () => {
    await inAccount(async (shell) => {
      await shell(LAB_ROLE);
      await shell(prepare);
      await deploy(shell, byTemplate, 'WordFreq');
      expect(await statusOf(shell, 'WordFreqRepository')).toBe('CREATE_COMPLETE');
    });
  });

  it('works where roles may be made, after a bootstrap', async () => {
    await inAccount(async (shell) => {
      const [commands = ''] = fencesOf(README, '# Reference stack');
      const deploys = commands.split('\n').filter((line) => /^(npx cdk bootstrap|npm run deploy)/.test(line));
      expect(deploys).toHaveLength(3);
      await shell(deploys.join('\n'));
      expect(await statusOf(shell, 'WordFreq')).toBe('CREATE_COMPLETE');
    });
  });

  it('works for the pipeline in an app of somebody’s own, without bootstrap', async () => {
    await inAccount(async (shell) => {
      const [commands = ''] = fencesOf('examples/embed-in-your-app/README.md', '# Embed in your app');
      await shell(LAB_ROLE);
      await shell('aws s3 mb s3://acme-templates');
      await deploy(shell, commands, 'Team', 'embed-in-your-app');
    }, 'eu-central-1');
  });
});
