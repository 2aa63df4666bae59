import { isDeepStrictEqual } from 'node:util';
import type { Made, Properties } from './check.ts';
import { CHECKS } from './checks.ts';
import type { Deployed } from './deploy-template.ts';
import { applies, ignoringGap, refusalsOf } from './gaps.ts';
import type { Emulator } from './start-emulator.ts';
import type { Variant } from './synthesize-variant.ts';
import { resolveReferences, type TemplateResource } from './template.ts';

/** What an emulator made of a property. */
export interface Finding {
  readonly id: string;
  readonly type: string;
  readonly property: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Compares each resource that exists with what the template says of it; what is the same is no finding. */
export async function findDifferences(
  { boto3 }: Emulator,
  { template }: Variant,
  { references, physicalIds }: Deployed,
): Promise<readonly Finding[]> {
  const findings = Object.entries(template.Resources).map(async ([id, resource]) => {
    const check = CHECKS[resource.Type];
    const physicalId = physicalIds.get(id);
    if (check === undefined || physicalId === undefined) return [];
    const properties = propertiesOf(resource, references);
    const expected = check.expected(properties);
    const got = await check.read(boto3, physicalId, properties).catch((error: unknown) => ({
      error: String(error),
    }));
    return Object.entries(expected)
      .filter(([property, value]) => !contains((got as Properties)[property], value))
      .map(([property, value]) => ({
        id,
        type: resource.Type,
        property,
        expected: value,
        got: (got as Properties)[property] ?? got,
      }));
  });
  return (await Promise.all(findings)).flat();
}

/**
 * Makes by API calls, from the template's own properties, what the emulator's CloudFormation is known not to
 * make. What `CHECKS` has no calls for is left out.
 *
 * @param except types that are left out as well
 */
export async function closeGaps(
  emulator: Emulator,
  variant: Variant,
  deployed: Deployed,
  differences: readonly Finding[],
  except: readonly string[] = [],
): Promise<void> {
  await makeRefused(emulator, variant, deployed, except);
  const { boto3, name } = emulator;
  for (const { id, property } of differences) {
    const resource = variant.template.Resources[id];
    const gap = ignoringGap(name, resource, property);
    if (resource === undefined || gap === undefined) continue;
    const properties = propertiesOf(resource, deployed.references);
    const made = CHECKS[resource.Type]?.make?.(boto3, properties, deployed.physicalIds.get(id) ?? '', [
      property,
    ]);
    await made?.catch((error: unknown) => {
      if (gap.alsoByApi !== true) throw error;
    });
  }
}

async function makeRefused(
  { boto3, name }: Emulator,
  { template }: Variant,
  { sent, references, physicalIds, stackName }: Deployed,
  except: readonly string[],
): Promise<void> {
  const impossible = refusalsOf(name).filter(({ alsoByApi }) => alsoByApi);
  const waiting = new Map(
    Object.entries(template.Resources).filter(
      ([id, resource]) =>
        !(id in sent.Resources || except.includes(resource.Type)) &&
        !impossible.some((gap) => applies(gap, resource)),
    ),
  );
  for (let before = -1; before !== waiting.size; ) {
    before = waiting.size;
    for (const [id, resource] of waiting) {
      const properties = propertiesOf(resource, references);
      // Something that it needs comes later, or not at all.
      if (/"(Ref|Fn::)/.test(JSON.stringify(properties))) continue;
      waiting.delete(id);
      const make = CHECKS[resource.Type]?.make;
      if (make === undefined) continue;
      const physicalId = `${stackName}-${id}`;
      const made = (await make(boto3, properties, physicalId)) as Partial<Made> | undefined;
      for (const [attribute, value] of Object.entries(made?.references ?? {})) {
        const reference = attribute === 'Ref' ? { Ref: id } : { 'Fn::GetAtt': [id, attribute] };
        references.set(JSON.stringify(reference), value);
      }
      physicalIds.set(id, physicalId);
    }
  }
}

function propertiesOf(
  { Properties = {} }: TemplateResource,
  references: ReadonlyMap<string, string>,
): Properties {
  return resolveReferences(Properties, references) as Properties;
}

/** Whether `got` has all that `expected` has: services add defaults of their own. */
function contains(got: unknown, expected: unknown): boolean {
  if (Array.isArray(expected))
    return (
      Array.isArray(got) &&
      got.length === expected.length &&
      expected.every((item, index) => contains(got[index], item))
    );
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(got, expected);
  return (
    typeof got === 'object' &&
    got !== null &&
    Object.entries(expected).every(([name, value]) => contains((got as Properties)[name], value))
  );
}
