/**
 * The templates that judges look at: every kind of stack that the constructs' own tests know, and the two
 * examples with the settings that change what is deployed. Each is synthesized once for a test file, in its
 * process.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { TeamStack } from '../../../examples/embed-in-your-app/src/team-stack.ts';
import { buildApp } from '../../../examples/reference-stack/src/build-app.ts';
import { KINDS_OF_STACK, stackOf } from '../../../packages/constructs/test/support/kinds-of-stack.ts';
import { LabStack } from '../../../packages/constructs/tools/lab-stack.ts';

// CloudFormation's own validation by the CDK takes seconds for each process, and is not what is judged.
process.env['CDK_VALIDATION'] = 'false';

/** A resource as the template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
}

/** A template as CloudFormation gets it. */
export interface TemplateBody {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
}

/** A template, and what judges must know of the app that made it. */
export interface JudgedTemplate {
  /** Such as `WordFreq: roleMode=existing`. */
  readonly name: string;
  readonly body: TemplateBody;
  readonly file: string;
  readonly region: string;
  /** Whether it travels in the request itself, because there is no bucket for it. */
  readonly inRequest: boolean;
}

/** The reference stack's settings, each list a stack: `-c key=value`. */
const REFERENCE_SETTINGS: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { trigger: 'notification' },
  { copyUploads: false, uploadBucketName: 'acme-uploads', fileCopiedEmail: 'a@example.com' },
  { copyUploads: 'false', roleMode: 'existing' },
  { trigger: 'eventbridge', network: 'nat', page: 'public', pageAllowFrom: '203.0.113.0/24' },
  { network: 'isolated', page: 'internal' },
  { notify: 'digest', alarmEmail: 'a@example.com', resultEmail: 'b@example.com', monthlyBudgetUsd: 5 },
  { fileCopiedEmail: 'a@example.com', minTasks: 1, backup: false, architecture: 'x86_64' },
  { uploadBucketName: 'acme-uploads', processingBucketName: 'acme-processing', tableName: 'acme-results' },
  { restoredTableName: 'acme-restored' },
  { roleMode: 'existing' },
  { roleMode: 'existing', trigger: 'notification' },
  { roleMode: 'existing', backup: true },
  { roleMode: 'existing', backup: false },
  { roleMode: 'existing', backup: false, network: 'isolated' },
  { roleMode: 'existing', backup: false, page: 'internal' },
  {
    roleMode: 'existing',
    trigger: 'eventbridge',
    network: 'nat',
    page: 'public',
    pageAllowFrom: '203.0.113.0/24',
    alarmEmail: 'a@example.com',
    resultEmail: 'b@example.com',
  },
  {
    roleMode: 'existing',
    network: 'isolated',
    page: 'internal',
    notify: 'digest',
    alarmEmail: 'a@example.com',
    resultEmail: 'b@example.com',
    monthlyBudgetUsd: 5,
  },
];

const EXAMPLES = resolve(import.meta.dirname, '../../../examples');
const REGION = 'eu-central-1';

const contextOf = (example: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(EXAMPLES, example, 'cdk.json'), 'utf8')).context;

const settingsOf = (change: Readonly<Record<string, unknown>>): string =>
  Object.entries(change)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ') || 'as it is';

/**
 * Synthesizes all of them.
 *
 * @returns the templates, and what removes their files
 */
export function synthesizeAll(): { templates: JudgedTemplate[]; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'wordfreq-templates-'));
  let apps = 0;
  const outdir = (): string => join(folder, `app-${++apps}`);
  const ofKinds = KINDS_OF_STACK.flatMap((kind) => {
    const app = new App({ outdir: outdir() });
    stackOf(app, kind);
    return templatesOf(app, kind.name);
  });
  const ofReference = REFERENCE_SETTINGS.flatMap((change) => {
    const context = { ...contextOf('reference-stack'), ...change };
    return templatesOf(
      buildApp({ outdir: outdir(), context }).app,
      `reference stack, ${settingsOf(change)}`,
      // The stack of the repository is the same for all settings but these.
      Object.keys(change).length === 0 || (change['roleMode'] === 'existing' && change['backup'] === true),
    );
  });
  const ofEmbedded = [{}, { roleName: 'LabRole' }].flatMap((change) => {
    const context = { ...contextOf('embed-in-your-app'), ...change };
    const app = new App({ outdir: outdir(), context });
    new TeamStack(app, 'Team', { env: { account: '123456789012', region: REGION } });
    return templatesOf(app, `embedded, ${settingsOf(change)}`);
  });
  const lab = new App({ outdir: outdir() });
  new LabStack(lab, 'WordFreq');
  // It is sent as it is; its size is checked where it is written.
  const ofLab = templatesOf(lab, 'lab').map((template) => ({ ...template, inRequest: false }));
  return {
    templates: [...ofKinds, ...ofReference, ...ofEmbedded, ...ofLab],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function templatesOf(app: App, name: string, all = true): JudgedTemplate[] {
  const { stacks } = app.synth();
  const stacksToJudge = all ? stacks : stacks.filter(({ id }) => id !== 'WordFreqRepository');
  return stacksToJudge.map((stack) => ({
    name: stacksToJudge.length === 1 ? name : `${name}: ${stack.id}`,
    body: stack.template as TemplateBody,
    file: stack.templateFullPath,
    region: stack.environment.region === 'unknown-region' ? REGION : stack.environment.region,
    inRequest: stack.stackTemplateAssetObjectUrl === undefined,
  }));
}
