import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Template } from './template.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const APP = join(ROOT, 'examples/reference-stack');
const STACK = 'WordFreq';

/** Why nothing can be synthesized here, to be appended to a suite's name; empty when it can. */
export function missingBuild(): string {
  return existsSync(join(ROOT, 'packages/constructs/assets/copy-upload/index.cjs'))
    ? ''
    : ' — skipped: needs "npm run build"';
}

/** What is deployed: the reference stack's settings that differ from its `cdk.json`. */
export const VARIANTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  default: {},
  'roles of the account': { roleMode: 'existing' },
  'uploads by EventBridge': { trigger: 'eventbridge' },
  'uploads straight to Lambda': { trigger: 'notification' },
  'page, mails and a network of its own': {
    page: 'internal',
    network: 'isolated',
    notify: 'digest',
    alarmEmail: 'alarms@example.com',
    resultEmail: 'results@example.com',
    fileCopiedEmail: 'copies@example.com',
  },
};

/** A function's files, which CloudFormation wants in a bucket, zipped, before it starts. */
interface Asset {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly bucket: string;
  readonly key: string;
}

/** A synthesized stack. */
export interface Variant {
  readonly template: Template;
  readonly assets: readonly Asset[];
}

const run = promisify(execFile);
const started = new Map<string, Promise<Variant>>();

/**
 * Synthesizes the reference stack, by running its app as the CDK's command line does; once for each variant.
 */
export function synthesizeVariant(name: string): Promise<Variant> {
  const variant = started.get(name) ?? synthesize(VARIANTS[name] ?? {});
  started.set(name, variant);
  return variant;
}

async function synthesize(settings: Readonly<Record<string, unknown>>): Promise<Variant> {
  const { context } = JSON.parse(readFileSync(join(APP, 'cdk.json'), 'utf8'));
  const outdir = mkdtempSync(join(tmpdir(), 'judged-'));
  try {
    await run(process.execPath, ['--conditions=@org/source', 'src/app.ts'], {
      cwd: APP,
      env: {
        ...process.env,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...settings }),
        CDK_VALIDATION: 'false',
      },
    });
    const template = JSON.parse(readFileSync(join(outdir, `${STACK}.template.json`), 'utf8'));
    return { template, assets: assetsOf(outdir) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

interface AssetManifest {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: 'zip' | 'file' };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
}

function assetsOf(outdir: string): readonly Asset[] {
  let manifest: AssetManifest;
  try {
    manifest = JSON.parse(readFileSync(join(outdir, `${STACK}.assets.json`), 'utf8'));
  } catch {
    // Without a bootstrapped account there are none.
    return [];
  }
  return Object.values(manifest.files)
    .filter(({ source }) => source.packaging === 'zip')
    .flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ bucketName, objectKey }) => ({
        files: filesIn(join(outdir, source.path)),
        bucket: bucketName,
        key: objectKey,
      })),
    );
}

function filesIn(folder: string): Record<string, Uint8Array> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}
