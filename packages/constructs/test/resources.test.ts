import { readFileSync } from 'node:fs';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import * as constructs from '../src/index.ts';
import { theirs } from '../tools/existing-resources.ts';
import { FIXED, REPLACEABLE, TIES } from '../tools/resources.ts';
import { resourceTable } from '../tools/write-resource-table.ts';
import { EACH_CONSTRUCT } from './support/each-construct.ts';

process.env['CDK_VALIDATION'] ??= 'false';

/** Constructs inside others that have rows of their own. */
const PARTS = /^(Upload|Jobs|Results|Worker|Network|Backup|Page|Alarms|Scaling)\//;

/** The resources below a construct, by path, such as `Queue/Resource`. */
function pathsBelow(construct: Construct): [string, string][] {
  const prefix = construct.node.path.length + 1;
  return construct.node
    .findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node))
    .map((node): [string, string] => [node.node.path.slice(prefix), node.cfnResourceType])
    .filter(([, type]) => !TIES.test(type));
}

function made(construct: Construct, children: string): string[] {
  const [root, below] = children.startsWith('../')
    ? [construct.node.scope as Construct, children.slice(3)]
    : [construct, children];
  return pathsBelow(root).flatMap(([path]) => (new RegExp(`^(${below})(/|$)`).test(path) ? [path] : []));
}

function make(name: string, more: (stack: Stack) => object): Construct {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'eu-central-1' } });
  const construct = EACH_CONSTRUCT[name]?.(stack, more);
  if (construct === undefined) throw new Error(`Expected a way to make ${name}.`);
  return construct;
}

/** Alone, a construct creates no log bucket and needs one for access logs. */
const LOGS: Readonly<Record<string, (stack: Stack) => object>> = {
  UploadCopy: (stack) => ({ logs: theirs.bucket(stack) }),
  PageLoadBalancer: (stack) => ({ logBucket: theirs.bucket(stack) }),
};

const read = (construct: Construct, path: string): unknown =>
  path.split('.').reduce<unknown>((from, name) => (from as Record<string, unknown>)[name], construct);

const rows = Object.entries(REPLACEABLE).flatMap(([name, list]) =>
  list.map((row) => ({ name, what: row[0], row })),
);

describe('each resource', () => {
  it.each(rows)('$name creates its $what, or uses an existing one and exposes it', ({ name, row }) => {
    const [, children, by, as, existing, besides = {}] = row;
    const ours = make(name, () => ({ ...besides.made }));
    expect(made(ours, children)).not.toEqual([]);
    expect(read(ours, as)).toBeDefined();
    let given: unknown;
    const with_ = make(name, (stack) => {
      given = existing(stack);
      return { ...besides.existing?.(stack), [by]: given };
    });
    // Their own scalable target is where ours would be.
    if (name !== 'BacklogScaling') expect(made(with_, children)).toEqual([]);
    if (by !== 'roles') expect(read(with_, as)).toBe(given);
    expect(() => Template.fromStack(Stack.of(with_))).not.toThrow();
  });

  it.each(Object.keys(EACH_CONSTRUCT))('that %s creates is in the table', (name) => {
    const known = [...(REPLACEABLE[name] ?? []), ...(FIXED[name] ?? [])].map(([, children]) => children);
    const variants = [{}, ...(REPLACEABLE[name] ?? []).map(([, , , , , besides]) => besides?.made ?? {})];
    const unknown = variants.flatMap((variant) =>
      pathsBelow(make(name, () => variant))
        .map(([path]) => path)
        .filter((path) => !PARTS.test(path))
        .filter((path) => !known.some((children) => new RegExp(`^(${children})(/|$)`).test(path))),
    );
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(FIXED).flatMap(([name, list]) => list.map((row) => ({ name, what: row[0], row }))))(
    '$name has its $what where the table says',
    ({ name, row: [, children, as] }) => {
      const construct = make(name, () => (name === 'WorkerNetwork' ? { mode: 'isolated' } : {}));
      expect(made(construct, children)).not.toEqual([]);
      expect(read(construct, as)).toBeDefined();
    },
  );

  it.each(Object.keys(EACH_CONSTRUCT))('that %s creates alone has no finding of cdk-nag', (name) => {
    const { violations } = new AwsSolutionsChecks().validateScope(
      Stack.of(make(name, (stack) => LOGS[name]?.(stack) ?? {})),
    );
    const ours = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources
        .filter(({ constructPath }) => constructPath?.startsWith('Stack/It/'))
        .map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
    expect(ours).toEqual([]);
  });

  it('is in docs/resources.md; run "npm run docs" after a change', () => {
    expect(readFileSync(new URL('../docs/resources.md', import.meta.url), 'utf8')).toBe(resourceTable());
  });

  it('of each exported construct is checked', () => {
    const others = ['ExistingRoles', 'NativeBucketNotifications', 'WorkRole', 'WorkerImage'];
    expect([...Object.keys(EACH_CONSTRUCT), ...others].sort()).toEqual(Object.keys(constructs).sort());
  });
});
