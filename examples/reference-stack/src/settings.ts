/** The app's settings: each is a key under "context" in cdk.json, or `-c key=value` on the command line. */
export interface Settings {
  /** The ECR repository that holds the worker's image, and the tag that is deployed. */
  readonly imageRepository: string;
  readonly imageTag: string;
  /**
   * `build` builds it from this repository at each deployment, with a docker engine; then repository and tag
   * are not used.
   */
  readonly imageFrom: 'repository' | 'build';
  readonly architecture: 'arm64' | 'x86_64';
  /** `existing` makes no role and takes `roleName` for everything. */
  readonly roleMode: 'default' | 'existing';
  readonly roleName: string;
  /**
   * With `existing`: a bucket of yours, to which templates are uploaded; `${AWS::AccountId}` and
   * `${AWS::Region}` may be in its name.
   */
  readonly templateBucket: string;
  readonly network: 'public' | 'isolated' | 'nat';
  /** `false` counts uploads where they are, for about a third of the cost; then `trigger` is not used. */
  readonly copyUploads: boolean;
  readonly trigger: 'queue' | 'notification' | 'eventbridge';
  /** Empty names are chosen by CloudFormation. */
  readonly uploadBucketName: string;
  readonly processingBucketName: string;
  readonly tableName: string;
  /** A table that was restored from a backup, to be used from now on. Empty: the stack's own. */
  readonly restoredTableName: string;
  /** Empty: nobody gets mail. */
  readonly alarmEmail: string;
  readonly resultEmail: string;
  /** One mail for each file that is announced to the workers. */
  readonly fileCopiedEmail: string;
  readonly notify: 'failures' | 'digest' | 'each' | 'none';
  /** With `notify` digest. */
  readonly digestMinutes: number;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly jobSeconds: number;
  readonly drainMinutes: number;
  /**
   * Empty: yes, but not with roleMode `existing`, because AWS Backup may not be allowed to assume that role.
   */
  readonly backup: boolean;
  /**
   * A load balancer in front of the page: `internal` for addresses of the VPC, `public` for those of
   * `pageAllowFrom`, such as 203.0.113.0/24. The page is there while a task runs, so all the time with
   * minTasks of 1.
   */
  readonly page: 'none' | 'internal' | 'public';
  readonly pageAllowFrom: string;
  /** 0: no budget. */
  readonly monthlyBudgetUsd: number;
}

/** Reads one value of the context. */
export type ReadContext = (key: string) => unknown;

/**
 * Reads all settings.
 *
 * @throws Error with everything that is wrong
 */
export function readSettings(read: ReadContext): Settings {
  const problems: string[] = [];
  const text = (key: string): string => {
    const value = read(key) ?? '';
    if (typeof value !== 'string') problems.push(`${key}: expected text, got ${JSON.stringify(value)}`);
    return String(value);
  };
  const oneOf = <const T extends string>(key: string, choices: readonly T[]): T => {
    const value = String(read(key) ?? '');
    const found = choices.find((choice) => choice === value);
    if (found === undefined) problems.push(`${key}: expected one of ${choices.join(', ')}, got "${value}"`);
    return found ?? (choices[0] as T);
  };
  const whole = (key: string): number => {
    const value = Number(read(key));
    if (!Number.isInteger(value) || value < 0)
      problems.push(`${key}: expected a whole number, got ${read(key)}`);
    return value;
  };
  const settings: Settings = {
    imageRepository: text('imageRepository'),
    imageTag: text('imageTag'),
    imageFrom: oneOf('imageFrom', ['repository', 'build']),
    architecture: oneOf('architecture', ['arm64', 'x86_64']),
    roleMode: oneOf('roleMode', ['default', 'existing']),
    roleName: text('roleName'),
    templateBucket: text('templateBucket'),
    network: oneOf('network', ['public', 'isolated', 'nat']),
    copyUploads: oneOf('copyUploads', ['true', 'false']) === 'true',
    trigger: oneOf('trigger', ['queue', 'notification', 'eventbridge']),
    uploadBucketName: text('uploadBucketName'),
    processingBucketName: text('processingBucketName'),
    tableName: text('tableName'),
    restoredTableName: text('restoredTableName'),
    alarmEmail: text('alarmEmail'),
    resultEmail: text('resultEmail'),
    fileCopiedEmail: text('fileCopiedEmail'),
    notify: oneOf('notify', ['failures', 'digest', 'each', 'none']),
    digestMinutes: whole('digestMinutes'),
    cpu: whole('cpu'),
    memoryMiB: whole('memoryMiB'),
    minTasks: whole('minTasks'),
    maxTasks: whole('maxTasks'),
    jobSeconds: whole('jobSeconds'),
    drainMinutes: whole('drainMinutes'),
    backup: (oneOf('backup', ['', 'true', 'false']) || String(read('roleMode') !== 'existing')) === 'true',
    page: oneOf('page', ['none', 'internal', 'public']),
    pageAllowFrom: text('pageAllowFrom'),
    monthlyBudgetUsd: whole('monthlyBudgetUsd'),
  };
  if (settings.roleMode === 'existing' && settings.imageFrom === 'build') {
    problems.push(
      'imageFrom: expected "repository" with roleMode "existing", because images built here need a bootstrapped account',
    );
  }
  if (settings.roleMode === 'existing' && settings.templateBucket === '') {
    problems.push('templateBucket: expected the name of a bucket of yours with roleMode "existing"');
  }
  if (!settings.copyUploads && settings.processingBucketName !== '') {
    problems.push('processingBucketName: expected no name with copyUploads false, which has one bucket');
  }
  if (settings.page === 'public' && settings.pageAllowFrom === '') {
    problems.push('pageAllowFrom: expected who may come in, such as 203.0.113.0/24, with page "public"');
  }
  if (settings.page === 'public' && settings.network === 'isolated') {
    problems.push(
      'page: expected "internal" or "none" with network "isolated", which has no way from the internet',
    );
  }
  if (problems.length > 0)
    throw new Error(`The settings in cdk.json are not right:\n  ${problems.join('\n  ')}`);
  return settings;
}
