/** A CloudFormation template, as far as the judges read it. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Removes resources and everything that refers to them; of `DependsOn`, only the reference is removed. */
export function withoutResources(template: Template, chosen: ReadonlySet<string>): Template {
  const gone = new Set(chosen);
  const refersToGone = (value: unknown): boolean =>
    [...referencesIn(value)].some((reference) => gone.has(targetOf(reference)));
  for (let before = -1; before < gone.size; ) {
    before = gone.size;
    for (const [id, { Properties }] of Object.entries(template.Resources))
      if (refersToGone(Properties)) gone.add(id);
  }
  const kept = Object.entries(template.Resources)
    .filter(([id]) => !gone.has(id))
    .map(([id, { DependsOn, ...resource }]) => {
      const order = [DependsOn ?? []].flat().filter((other) => !gone.has(other));
      return [id, order.length === 0 ? resource : { ...resource, DependsOn: order }];
    });
  const outputs = Object.entries(template.Outputs ?? {}).filter(([, output]) => !refersToGone(output));
  return { ...template, Resources: Object.fromEntries(kept), Outputs: Object.fromEntries(outputs) };
}

/** Keeps one resource and what it refers to. */
export function onlyResource(template: Template, chosen: string): Template {
  const kept = new Set([chosen]);
  for (const id of kept) {
    for (const reference of referencesIn(template.Resources[id]?.Properties)) {
      const target = targetOf(reference);
      if (target in template.Resources) kept.add(target);
    }
  }
  const others = Object.keys(template.Resources).filter((id) => !kept.has(id));
  return withoutResources(template, new Set(others));
}

/**
 * Adds an output for each reference that the properties of the given resources hold, so that the emulator
 * itself says what they stand for. References to what the template lacks are left out.
 */
export function withReferencesAsOutputs(template: Template, resources: Iterable<TemplateResource>): Template {
  const references = new Map<string, unknown>();
  for (const { Properties } of resources) {
    for (const reference of referencesIn(Properties)) {
      const target = targetOf(reference);
      if (target in template.Resources || target.startsWith('AWS::'))
        references.set(JSON.stringify(reference), reference);
    }
  }
  const outputs = [...references.values()].map((Value, index) => [`Reference${index}`, { Value }]);
  return { ...template, Outputs: { ...template.Outputs, ...Object.fromEntries(outputs) } };
}

/**
 * Replaces references by what they stand for, and joins the pieces of texts; what is not known stays as it
 * is.
 */
export function resolveReferences(value: unknown, known: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, known));
  if (!isObject(value)) return value;
  if (isReference(value)) return known.get(JSON.stringify(value)) ?? value;
  if ('Fn::Join' in value) {
    const [separator, parts] = resolveReferences(value['Fn::Join'], known) as [string, unknown[]];
    return parts.every((part) => typeof part === 'string')
      ? parts.join(separator)
      : { 'Fn::Join': [separator, parts] };
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveReferences(item, known)]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const REFERENCES = ['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Select', 'Fn::GetAZs'];

function isReference(value: Json): boolean {
  const [key, ...others] = Object.keys(value);
  return others.length === 0 && key !== undefined && REFERENCES.includes(key);
}

function* referencesIn(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const item of value) yield* referencesIn(item);
  if (!isObject(value)) return;
  if (isReference(value)) yield value;
  else yield* referencesIn(Object.values(value));
}

/** The logical id (or pseudo parameter) that a reference names; `AWS::` for those that name none. */
function targetOf(reference: Json): string {
  const { Ref, 'Fn::GetAtt': attribute } = reference;
  if (typeof Ref === 'string') return Ref;
  return Array.isArray(attribute) ? String(attribute[0]) : 'AWS::';
}
