import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMULATORS } from '../support/emulators.ts';
import { missingForPythonJudges } from '../support/python.ts';
import { type Deployed, deployTemplate, publishAssets, StackFailed } from './deploy-template.ts';
import { applies, GAPS, ignoringGap, refusalsOf } from './gaps.ts';
import { closeGaps, type Finding, findDifferences } from './judge-template.ts';
import { createLabRole } from './lab-role.ts';
import { type Emulator, startEmulator } from './start-emulator.ts';
import { missingBuild, synthesizeVariant, VARIANTS, type Variant } from './synthesize-variant.ts';
import { onlyResource } from './template.ts';

const missing = missingForPythonJudges() || missingBuild();

describe.runIf(missing === '').each(EMULATORS)(`the templates in %s’s CloudFormation${missing}`, (name) => {
  const variants = new Map<string, Variant>();
  /** What differed before the gaps were closed: `type.property`. */
  const differed = new Set<string>();
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator(name);
    await createLabRole(emulator);
    const titles = Object.keys(VARIANTS);
    const synthesized = await Promise.all(titles.map(synthesizeVariant));
    for (const [index, variant] of synthesized.entries()) {
      variants.set(titles[index] ?? '', variant);
      await publishAssets(emulator, variant);
    }
  });
  afterAll(async () => emulator?.stop());

  it.each(Object.keys(VARIANTS))('are made, and read back as they say: %s', async (title) => {
    const variant = variants.get(title) as Variant;
    const { Resources } = variant.template;
    const deployed = await deployTemplate(
      emulator,
      variant,
      `judged-${Object.keys(VARIANTS).indexOf(title)}`,
    );
    const isKnown = ({ id, property }: Finding): boolean =>
      ignoringGap(name, Resources[id], property) !== undefined;

    const differences = await findDifferences(emulator, variant, deployed);
    for (const { type, property } of differences.filter(isKnown)) differed.add(`${type}.${property}`);
    expect(differences.filter((finding) => !isKnown(finding))).toEqual([]);

    await closeGaps(emulator, variant, deployed, differences);
    const left = await findDifferences(emulator, variant, deployed);
    const staysOpen = ({ id, property }: Finding): boolean =>
      ignoringGap(name, Resources[id], property)?.alsoByApi === true;
    expect(left.filter((finding) => !staysOpen(finding))).toEqual([]);
    expect(differences.filter(staysOpen).length).toBe(left.length);
  });

  it('still ignores what gaps.ts says that it ignores', () => {
    const known = GAPS[name].filter(({ property }) => property !== undefined);
    expect(
      known.map(({ type, property }) => `${type}.${property}`).filter((gap) => !differed.has(gap)),
    ).toEqual([]);
  });

  // ministack evaluates no policy at all.
  if (name === 'moto') {
    it('still denies requests by policies whose condition does not hold', async () => {
      const { boto3 } = emulator;
      const Bucket = 'denied-without-tls';
      const Statement = {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Resource: `arn:aws:s3:::${Bucket}/*`,
        Condition: { Bool: { 'aws:NoSuchKey': 'true' } },
      };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
      await boto3.call('s3', 'create_bucket', { Bucket });
      await boto3.call('s3', 'put_bucket_policy', { Bucket, Policy });
      const put = boto3.call('s3', 'put_object', { Bucket, Key: 'a.txt', Body: '' });
      await expect(put).rejects.toMatchObject({ code: '403' });
    });
  }

  it('still refuses what gaps.ts says that it refuses', async () => {
    const closed: string[] = [];
    for (const gap of refusalsOf(name)) {
      for (const [title, variant] of variants) {
        const found = Object.entries(variant.template.Resources).find(([, resource]) =>
          applies(gap, resource),
        );
        if (found === undefined) continue;
        const [id] = found;
        const alone = { ...variant, template: onlyResource(variant.template, id) };
        const others = refusalsOf(name).filter((other) => other !== gap);
        const stackName = `gap-${refusalsOf(name).indexOf(gap)}`;
        const made = await deployTemplate(emulator, alone, stackName, others).catch(asRefusal);
        if (made?.physicalIds.has(id) === true) closed.push(`${gap.type} (${title}: ${id})`);
        break;
      }
    }
    expect(closed).toEqual([]);
  });
});

function asRefusal(error: unknown): Deployed | undefined {
  if (error instanceof StackFailed) return undefined;
  throw error;
}
