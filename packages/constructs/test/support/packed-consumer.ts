import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PACKAGE = resolve(import.meta.dirname, '../..');
const NAMES = {
  'aws-cdk-lib': 'App, Stack, BootstraplessSynthesizer',
  '@org/wordfreq-constructs': 'ExistingRoles, WordFreqPipeline, WorkerImage',
};

/**
 * Synthesizes both role modes and prints how many resources each has, so that it fails when the packaged
 * Lambda cannot be found.
 */
const APP = `
const app = new App({ outdir: process.argv[2] });
const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
new WordFreqPipeline(new Stack(app, 'Default'), 'WordFreq', { image });
const stack = new Stack(app, 'Existing', { synthesizer: new BootstraplessSynthesizer() });
new WordFreqPipeline(stack, 'WordFreq', { image, page: {}, roles: ExistingRoles.fromName(stack, 'LabRole') });
const assembly = app.synth();
for (const { template, stackName } of assembly.stacks) {
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  console.log(stackName, types.length > 60, types.filter((type) => type.startsWith('AWS::IAM::')).length);
}
`;

/** Packs this package, and creates a project around the tarball with a consumer in each module system. */
export function createConsumerProject(): { folder: string; tarball: string } {
  const folder = mkdtempSync(join(tmpdir(), 'wordfreq-consumer-'));
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: PACKAGE,
  });
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  const entries = Object.entries(NAMES);
  const esm = entries.map(([name, names]) => `import { ${names} } from '${name}';`);
  const cjs = entries.map(([name, names]) => `const { ${names} } = require('${name}');`);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, 'consumer.mjs'), esm.join('\n') + APP);
  writeFileSync(join(folder, 'consumer.cjs'), cjs.join('\n') + APP);
  return { folder, tarball: join(folder, tarball) };
}

/** Unpacks the tarball as npm would, without asking a registry. */
export function unpackInto(folder: string, tarball: string): void {
  const target = join(folder, 'node_modules/@org/wordfreq-constructs');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', target]);
}

/** Runs a consumer and returns its output. */
export function runConsumer(folder: string, file: 'consumer.mjs' | 'consumer.cjs'): string {
  const options = {
    cwd: folder,
    encoding: 'utf8',
    // nx sets FORCE_COLOR, and colours would change the output that is compared.
    env: { ...process.env, CDK_VALIDATION: 'false', FORCE_COLOR: '0' },
  } as const;
  return execFileSync(process.execPath, [file, join(folder, `${file}.out`)], options);
}

/** What every consumer must print. */
export const CONSUMER_OUTPUT: string = 'Existing true 0\nDefault true 9\n';
