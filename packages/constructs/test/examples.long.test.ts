import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findingsIn, type TemplateResource } from './support/synthesize.ts';

// Each test synthesizes an app in a process of its own.
vi.setConfig({ testTimeout: 240_000 });

const EXAMPLES = resolve(import.meta.dirname, '../../../examples');
const output = mkdtempSync(join(tmpdir(), 'wordfreq-examples-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

interface Example {
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** Where the CDK CLI uploads the template, before CloudFormation reads it there. */
  readonly uploadedTo: string;
  readonly bytes: number;
  /** The cloud assembly. */
  readonly folder: string;
}

/** Runs an example's app as the CDK CLI does: with the context of its cdk.json, in a process of its own. */
function synthesizeExample(name: string, stack: string, change: Record<string, unknown> = {}): Example {
  const folder = join(EXAMPLES, name);
  const { app, context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8'));
  const [, ...args] = String(app).split(' ');
  const out = join(output, `${name}-${Object.values(change).join('-').replaceAll('/', '-') || 'as-it-is'}`);
  execFileSync(process.execPath, args, {
    cwd: folder,
    env: {
      ...process.env,
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...change }),
      CDK_VALIDATION: 'false',
    },
    stdio: 'pipe',
  });
  const file = join(out, `${stack}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8'));
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  return {
    resources: new Map(Object.entries(template.Resources as Record<string, TemplateResource>)),
    uploadedTo: manifest.artifacts[stack].properties.stackTemplateAssetObjectUrl,
    bytes: statSync(file).size,
    folder: out,
  };
}

const isIam = ({ Type }: TemplateResource): boolean => Type.startsWith('AWS::IAM::');

describe('examples/reference-stack', () => {
  it('deploys the whole pipeline with roles of its own', () => {
    const { resources } = synthesizeExample('reference-stack', 'WordFreq');
    expect(findingsIn(resources)).toEqual([]);
    expect([...resources.values()].filter(isIam)).not.toEqual([]);
  });

  const LAB = { roleMode: 'existing' };
  const EVERYTHING = {
    ...LAB,
    page: 'internal',
    backup: 'true',
    alarmEmail: 'student@example.com',
    resultEmail: 'student@example.com',
    monthlyBudgetUsd: 5,
  };
  it.each([
    LAB,
    { ...LAB, trigger: 'notification' },
    ...['public', 'isolated', 'nat'].map((network) => ({ ...EVERYTHING, network, trigger: 'eventbridge' })),
  ])('deploys without bootstrap, roles and assets where only LabRole is there: %j', (settings) => {
    const { resources, bytes, uploadedTo, folder } = synthesizeExample(
      'reference-stack',
      'WordFreq',
      settings,
    );
    expect([...resources.values()].filter(isIam)).toEqual([]);
    expect(findingsIn(resources)).toEqual([]);
    const all = JSON.stringify([...resources]);
    expect(all).not.toContain('cdk-hnb659fds');
    // From a bucket CloudFormation takes a megabyte. In a request it takes 51,200 bytes, and the CDK sends
    // YAML, which is larger.
    expect(uploadedTo).toMatch(/^s3:\/\/wordfreq-templates-\$\{AWS::AccountId\}\/cdk\/\w{64}\.json$/);
    expect(bytes).toBeLessThan(1_000_000);
    for (const stack of ['WordFreq', 'WordFreqRepository']) {
      const assets = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8'));
      // The template itself, by the credentials of whoever deploys.
      expect(Object.values(assets.files)).toHaveLength(1);
      expect(assets.dockerImages).toEqual({});
      expect(JSON.stringify(assets)).not.toContain('assumeRole');
      const template = readFileSync(join(folder, `${stack}.template.json`), 'utf8');
      expect(JSON.parse(template).Parameters ?? {}).toEqual({});
    }
  });

  it('makes no backups with a role that AWS Backup may not assume, unless backups are requested', () => {
    const backups = (settings: Record<string, unknown>): number => {
      const { resources } = synthesizeExample('reference-stack', 'WordFreq', settings);
      return [...resources.values()].filter(({ Type }) => Type.startsWith('AWS::Backup::')).length;
    };
    expect(backups({})).toBeGreaterThan(0);
    expect(backups(LAB)).toBe(0);
    expect(backups({ ...LAB, backup: 'true' })).toBeGreaterThan(0);
    expect(backups({ backup: 'false' })).toBe(0);
  });

  it.each(['default', 'existing'])('turns to a restored table, and to nothing else: %s roles', (roleMode) => {
    const settings = { roleMode, backup: 'true' };
    const before = synthesizeExample('reference-stack', 'WordFreq', settings).resources;
    const restoredTableName = 'wordfreq-restored';
    const after = synthesizeExample('reference-stack', 'WordFreq', {
      ...settings,
      restoredTableName,
    }).resources;
    const typesOf = (ids: Iterable<string>): string[] =>
      [...ids].map((id) => (after.get(id) ?? before.get(id))?.Type ?? '').sort();
    const gone = [...before.keys()].filter((id) => !after.has(id));
    // Its deletion policy keeps it, see the other tests.
    expect(typesOf(gone)).toEqual(['AWS::DynamoDB::GlobalTable']);
    expect([...after.keys()].filter((id) => !before.has(id))).toEqual([]);
    const changed = [...after.keys()].filter(
      (id) => JSON.stringify(after.get(id)) !== JSON.stringify(before.get(id)),
    );
    const policies = roleMode === 'default' ? ['AWS::IAM::Policy'] : [];
    expect(typesOf(changed)).toEqual(
      ['AWS::Backup::BackupSelection', 'AWS::ECS::TaskDefinition', ...policies].sort(),
    );
    expect(JSON.stringify(changed.map((id) => after.get(id)))).toContain(restoredTableName);
  });

  it('builds the image from the repository itself, of nothing but what the Dockerfile reads', () => {
    const { resources, folder } = synthesizeExample('reference-stack', 'WordFreq', { imageFrom: 'build' });
    const task = [...resources.values()].find(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
    expect(JSON.stringify(task)).toContain('container-assets');
    const assets = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package-lock.json')));
    expect(assets).toHaveLength(1);
    const context = join(folder, assets[0] ?? '');
    expect(readdirSync(context).sort()).toEqual([
      '.dockerignore',
      '.npmrc',
      'package-lock.json',
      'package.json',
      'packages',
    ]);
    expect(readdirSync(join(context, 'packages')).sort()).toEqual([
      'aws-adapters',
      'core-wordfreq',
      'worker',
    ]);
    expect(existsSync(join(context, 'packages/worker/Dockerfile'))).toBe(true);
  });

  it('shows the page to the given addresses, and mails each copied file, if configured', () => {
    const { resources } = synthesizeExample('reference-stack', 'WordFreq', {
      page: 'public',
      pageAllowFrom: '203.0.113.0/24',
      fileCopiedEmail: 'student@example.com',
    });
    const all = JSON.stringify([...resources.values()]);
    expect(all).toContain('"Scheme":"internet-facing"');
    expect(all).toContain('"CidrIp":"203.0.113.0/24"');
    const mails = [...resources.values()].filter(({ Properties }) => Properties?.['Protocol'] === 'email');
    expect(mails).toHaveLength(1);
    expect(() => synthesizeExample('reference-stack', 'WordFreq', { page: 'public' })).toThrow(
      'pageAllowFrom',
    );
    const isolated = { page: 'public', pageAllowFrom: '203.0.113.0/24', network: 'isolated' };
    expect(() => synthesizeExample('reference-stack', 'WordFreq', isolated)).toThrow(
      'no way from the internet',
    );
  });

  it('can create the image’s repository again after it was destroyed or its creation failed', () => {
    const { resources } = synthesizeExample('reference-stack', 'WordFreqRepository');
    const [repository] = resources.values();
    expect(repository).toMatchObject({
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'wordfreq-worker' },
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    const { scripts } = JSON.parse(readFileSync(join(EXAMPLES, 'reference-stack/package.json'), 'utf8'));
    expect(scripts['deploy:repository']).toContain('--import-existing-resources');
  });

  it('says everything that is wrong with its settings', () => {
    expect(() => synthesizeExample('reference-stack', 'WordFreq', { network: 'moon', cpu: 'much' })).toThrow(
      /network: expected one of public, isolated, nat, got "moon"\n\s+cpu: expected a whole number, got much/,
    );
  });
});

describe('examples/embed-in-your-app', () => {
  it('creates no network and no upload bucket, and notifies the team’s own topic', () => {
    const { resources } = synthesizeExample('embed-in-your-app', 'Team');
    const all = [...resources.values()];
    expect(findingsIn(resources)).toEqual([]);
    expect(all.filter(({ Type }) => Type === 'AWS::EC2::VPC')).toEqual([]);
    const alarms = all.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
    expect(JSON.stringify(alarms)).toContain('arn:aws:sns:eu-central-1:123456789012:acme-alarms');
    expect(all.filter(isIam)).not.toEqual([]);
  });

  it('creates no role if one is named', () => {
    const { resources, uploadedTo } = synthesizeExample('embed-in-your-app', 'Team', {
      roleName: 'LabRole',
      templateBucket: 'acme-templates',
    });
    expect(uploadedTo).toMatch(/^s3:\/\/acme-templates\/cdk\/\w{64}\.json$/);
    expect([...resources.values()].filter(isIam)).toEqual([]);
    expect(JSON.stringify([...resources.values()])).toContain(':role/LabRole');
  });
});
