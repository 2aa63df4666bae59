/**
 * Writes `lab/wordfreq-lab.template.json`, which is released with the package for accounts without roles and
 * without bootstrap. Run by `npm run build`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { LabStack } from './lab-stack.ts';

const FILE = resolve(import.meta.dirname, '../lab/wordfreq-lab.template.json');
/** "Template body size in a request", AWS CloudFormation quotas. */
const MOST_BYTES = 51_200;

const outdir = mkdtempSync(join(tmpdir(), 'wordfreq-lab-'));
try {
  const app = new App({ outdir });
  const { templateFile } = new LabStack(app, 'WordFreq');
  app.synth();
  const template = readFileSync(join(outdir, templateFile));
  if (template.length > MOST_BYTES) {
    throw new Error(
      `Expected a template of at most ${MOST_BYTES} bytes, which is all that a request may hold, got ${template.length}.`,
    );
  }
  writeFileSync(FILE, template);
  console.log(`${FILE}: ${template.length} bytes`);
} finally {
  rmSync(outdir, { recursive: true });
}
