import { type Option, text } from '../command-line/option.ts';
import { RESOURCE_OPTIONS, type ResourceName } from './resource-names.ts';

/** The options by which a command's resources are named, each with the variable that stands in for it. */
export function resourceOptions<const Name extends ResourceName>(
  ...names: readonly Name[]
): { readonly [N in Name]: Option<string | undefined> } {
  return Object.fromEntries(names.map((name) => [name, optionFor(name)])) as {
    readonly [N in Name]: Option<string | undefined>;
  };
}

/** `--bucket`, where a command is about one bucket. */
export function bucketOption(name: 'uploadingBucket' | 'processingBucket'): Option<string | undefined> {
  return optionFor(name);
}

function optionFor(name: ResourceName): Option<string | undefined> {
  const { what, variable } = RESOURCE_OPTIONS[name];
  return text(name.endsWith('QueueUrl') ? 'url' : 'name', `${what}; else ${variable}`);
}
