/** Passes an option on only when it was given: to the CDK, an `undefined` that is there is not an absent one. */
export function given<const K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
