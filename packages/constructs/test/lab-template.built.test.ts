import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const PACKAGE = resolve(import.meta.dirname, '..');

interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default: string }>>;
  readonly Resources: Readonly<Record<string, { readonly Type: string }>>;
}

describe('the released template for labs', () => {
  const text = readFileSync(resolve(PACKAGE, 'lab/wordfreq-lab.template.json'));
  const template = JSON.parse(text.toString()) as Template;

  it('fits into a request to CloudFormation', () => {
    expect(text.length).toBeLessThanOrEqual(51_200);
  });

  it('needs no capability, no bootstrap and no asset', () => {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^AWS::IAM::|^Custom::|CustomResource/.test(type))).toEqual([]);
    expect(text.toString()).not.toMatch(/AssetParameters|cdk-hnb659fds|BootstrapVersion/);
    expect(types).toEqual(expect.arrayContaining(['AWS::ECS::Service', 'AWS::Lambda::Function']));
  });

  it('can be deployed without naming anything, with the image of its own version', () => {
    const { version } = JSON.parse(readFileSync(resolve(PACKAGE, 'package.json'), 'utf8'));
    expect(Object.values(template.Parameters).filter(({ Default }) => Default === undefined)).toEqual([]);
    expect(template.Parameters['ImageTag']?.Default).toBe(version);
  });
});
