/** What a shell may hold of somebody's AWS account; a profile would even win over the embedded servers' credentials. */
const OF_AN_ACCOUNT = [
  'AWS_PROFILE',
  // By which the AWS CLI and boto3 know a profile, too.
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
] as const;

/** The environment of a process that is to use the embedded servers: this one's, nothing of an AWS account in it. */
export function embeddedEnvironment(
  environment: Readonly<Record<string, string>>,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  const absent = Object.fromEntries(OF_AN_ACCOUNT.map((name) => [name, undefined]));
  return { ...inherited, ...absent, ...environment };
}

/** Commands of a POSIX shell that give it such an environment. */
export function shellCommands(environment: Readonly<Record<string, string>>): readonly string[] {
  return [
    `unset ${OF_AN_ACCOUNT.join(' ')}`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoteForShell(value)}`),
  ];
}

/** A word that a POSIX shell reads as it is, whatever characters it has. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
