import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import law from '../dependency-law.config.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** One breach per rule: the file that commits it, and the import it commits it by. */
const BREACHES: Record<string, [file: string, imported: string]> = {
  'no-cycles': ['packages/cli/src/a.ts', './b.ts'],
  resolvable: ['packages/cli/src/lost.ts', './nowhere.ts'],
  'core-is-pure': ['packages/core-wordfreq/src/counter.ts', 'node:fs'],
  'core-root-ignores-platforms': ['packages/core-wordfreq/src/top.ts', './node/index.ts'],
  'core-encoding-wrapper': ['packages/core-wordfreq/src/encoding/files.ts', 'valibot'],
  'core-node-wrapper': ['packages/core-wordfreq/src/node/files.ts', 'valibot'],
  'ports-are-alone': ['packages/aws-adapters/src/ports/clock.ts', '../errors/index.ts'],
  'rules-are-pure': ['packages/aws-adapters/src/rules/key.ts', '../errors/index.ts'],
  'adapter-s3': ['packages/aws-adapters/src/s3/store.ts', '@aws-sdk/client-sqs'],
  'adapter-sqs': ['packages/aws-adapters/src/sqs/queue.ts', '@aws-sdk/client-s3'],
  'adapter-sns': ['packages/aws-adapters/src/sns/notifier.ts', '../s3/index.ts'],
  'adapter-dynamodb': ['packages/aws-adapters/src/dynamodb/store.ts', '@aws-sdk/client-sns'],
  'adapter-events': ['packages/aws-adapters/src/events/parse.ts', '../s3/index.ts'],
  'adapter-memory': ['packages/aws-adapters/src/memory/queue.ts', '@aws-sdk/client-sqs'],
  'use-cases-know-ports-and-rules': [
    'packages/worker/src/jobs/process-job.ts',
    '../../../aws-adapters/src/s3/index.ts',
  ],
  'applications-do-not-meet': ['packages/copy-lambda/src/copy.ts', '../../worker/src/jobs/process-job.ts'],
  'adapters-below-applications': [
    'packages/aws-adapters/src/local/stack.ts',
    '../../../worker/src/jobs/process-job.ts',
  ],
  'constructs-take-files': ['packages/constructs/src/pipeline.ts', '../../worker/src/jobs/process-job.ts'],
  'cli-calls-aws-through-ports': ['packages/cli/src/commands/put.ts', '@aws-sdk/client-s3'],
  'cli-leaves-constructs-alone': ['packages/cli/src/deploy.ts', '../../constructs/src/pipeline.ts'],
};

const TARGETS = [
  'packages/aws-adapters/src/errors/index.ts',
  'packages/aws-adapters/src/s3/index.ts',
  'packages/core-wordfreq/src/node/index.ts',
];

let folder: string;
let broken: ReadonlySet<string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dependency-law-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const file of TARGETS) write(file, 'export const target = 1;\n');
  write('packages/cli/src/b.ts', "import './a.ts';\nexport const b = 1;\n");
  for (const [file, imported] of Object.values(BREACHES)) {
    write(file, `import * as it from '${imported}';\nexport const used = it;\n`);
  }
  broken = await brokenRules(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function brokenRules(baseDir: string): Promise<ReadonlySet<string>> {
  const { forbidden, options } = law;
  const { output } = await cruise(
    ['packages'],
    { ...options, baseDir, validate: true, ruleSet: { forbidden } },
    {},
    { tsConfig: extractTSConfig(join(ROOT, 'tsconfig.base.json')) },
  );
  return new Set((output as ICruiseResult).summary.violations.map((violation) => violation.rule.name));
}

describe('dependency law', () => {
  it('has a breach to show for every rule', () => {
    expect(Object.keys(BREACHES).sort()).toEqual(law.forbidden.map((rule) => rule.name).sort());
  });

  it.each(Object.keys(BREACHES))('notices a breach of %s', (rule) => {
    expect(broken).toContain(rule);
  });
});
