/** A finding of cfn-lint that is accepted, and why. A row that is no longer needed fails the judge. */
export interface Answer {
  /** Such as `W3005`. */
  readonly rule: string;
  /** What the finding's message must match. */
  readonly message: RegExp;
  /** Where in the template, such as `Resources/<id>/DependsOn/0`. */
  readonly path: RegExp;
  readonly reason: string;
}

export const ANSWERS: readonly Answer[] = [
  {
    rule: 'W3005',
    message: /^'\w+Role\w+' dependency already enforced by a 'GetAtt' at 'Resources\/\w+\/Properties\/Role'$/,
    path: /^Resources\/\w+\/DependsOn\/\d+$/,
    reason:
      'The CDK makes a function depend on its role and all that is in it, so that its policies are there first; the role itself is one of these.',
  },
  {
    rule: 'W3010',
    message: /^Avoid hardcoding availability zones 'dummy1[ab]'$/,
    path: /^Resources\/\w+Subnet\d\w+\/Properties\/AvailabilityZone$/,
    reason:
      'A stack of a known account and region gets the zones that the CDK CLI looks up there; without the CLI the CDK writes these names.',
  },
];
