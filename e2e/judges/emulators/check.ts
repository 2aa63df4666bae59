import type { Boto3 } from '../support/boto3.ts';

export type Properties = Readonly<Record<string, unknown>>;

/**
 * How a resource type is judged: its properties in the template and those that the service returns, in the
 * same form.
 */
export interface Check {
  /** What of the template's properties is compared; references are resolved. */
  expected(properties: Properties): Properties;
  /** Reads a resource back; more than is expected does no harm. */
  read(boto3: Boto3, id: string, properties: Properties): Promise<Properties>;
  /**
   * Does by API calls what the emulator's CloudFormation does not: all of the resource, or those of its
   * properties that were ignored. May give {@link Made}.
   */
  make?(boto3: Boto3, properties: Properties, id: string, ignored?: readonly string[]): Promise<unknown>;
}

/** What references to a resource that was made by API calls stand for: `Ref`, or the name of an attribute. */
export interface Made {
  readonly references: Readonly<Record<string, string>>;
}

export const only =
  (...names: readonly string[]) =>
  (properties: Properties): Properties =>
    Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));

/** `TopicArn` → `topicArn`, as some services spell their parameters. */
export function withSmallInitials(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSmallInitials);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      withSmallInitials(item),
    ]),
  );
}
