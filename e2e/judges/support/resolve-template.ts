/** What CloudFormation would know of a resource once it exists. */
export interface Existing {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where a stack is deployed, and what its logical ids stand for. */
interface Deployment {
  readonly account: string;
  readonly region: string;
  resource(logicalId: string): Existing;
}

/**
 * Replaces the intrinsic functions of a template's value by what they give, as CloudFormation does: `Ref`,
 * `Fn::GetAtt`, `Fn::Join`, `Fn::Select`, `Fn::Split`, `Fn::GetAZs`, `Fn::Sub` without a map, and pseudo
 * parameters.
 *
 * @throws Error for a function, parameter or attribute that it does not know: a value that was guessed would
 * judge nothing
 */
export function resolveTemplate(value: unknown, deployment: Deployment): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveTemplate(item, deployment));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  const intrinsic = others.length === 0 ? FUNCTIONS[name] : undefined;
  if (intrinsic !== undefined) return intrinsic(argument, deployment);
  if (others.length === 0 && name.startsWith('Fn::')) throw unknown(name, argument);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, resolveTemplate(part, deployment)]),
  );
}

type Intrinsic = (argument: unknown, deployment: Deployment) => unknown;

const FUNCTIONS: Readonly<Record<string, Intrinsic>> = {
  Ref: (id, deployment) => reference(String(id), deployment),
  'Fn::GetAtt': (path, deployment) => {
    const [id = '', ...attribute] = Array.isArray(path) ? path.map(String) : String(path).split('.');
    return attributeOf(id, attribute.join('.'), deployment);
  },
  'Fn::Join': (argument, deployment) => {
    const [separator, parts] = argument as [string, unknown];
    return (resolveTemplate(parts, deployment) as unknown[]).join(separator);
  },
  'Fn::Select': (argument, deployment) => {
    const [index, list] = argument as [number | string, unknown];
    return (resolveTemplate(list, deployment) as unknown[])[Number(index)];
  },
  'Fn::Split': (argument, deployment) => {
    const [separator, text] = argument as [string, unknown];
    return String(resolveTemplate(text, deployment)).split(separator);
  },
  'Fn::GetAZs': (_, { region }) => ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
  'Fn::Sub': (text, deployment) => {
    if (typeof text !== 'string') throw unknown('Fn::Sub', text);
    return text.replace(/\$\{([^!}]+)\}/g, (_, name: string) => {
      const [id = '', ...attribute] = name.split('.');
      return attribute.length === 0
        ? reference(id, deployment)
        : attributeOf(id, attribute.join('.'), deployment);
    });
  },
};

function reference(id: string, { account, region, resource }: Deployment): string {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': 'Stack',
    'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/Stack/0`,
  };
  if (!id.startsWith('AWS::')) return resource(id).ref;
  const known = pseudo[id];
  if (known === undefined) throw unknown('Ref', id);
  return known;
}

function attributeOf(id: string, attribute: string, { resource }: Deployment): string {
  const found = resource(id).attributes[attribute];
  if (found === undefined) throw unknown('Fn::GetAtt', `${id}.${attribute}`);
  return found;
}

function unknown(name: string, argument: unknown): Error {
  return new Error(
    `Expected a value of a template that can be resolved, got ${name} ${JSON.stringify(argument)}.`,
  );
}
