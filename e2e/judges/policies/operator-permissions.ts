import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Deployed } from './deployed.ts';
import type { Statement } from './principal.ts';

const README = resolve(import.meta.dirname, '../../../packages/cli/README.md');

/** What the README says that a command must be allowed. */
interface OperatorPermission {
  /** Without `wordfreq`; with options, what these need in addition. */
  readonly command: string;
  readonly action: string;
  /** As the README calls it. */
  readonly on: string;
}

/** Reads the table of permissions, each on one resource. */
export function readOperatorPermissions(): readonly OperatorPermission[] {
  const [, table = ''] =
    /^\| command \| on \| actions \|\n\|---\|---\|---\|\n((?:\|.*\n)+)/m.exec(readFileSync(README, 'utf8')) ??
    [];
  const code = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
  return table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [, commands, resources = '', actions] = row.split('|').map((cell) => cell.trim());
      return code(commands).flatMap((command) =>
        resources
          .split(', ')
          .flatMap((name) => SEVERAL[name] ?? [name])
          .flatMap((on) => code(actions).map((action) => ({ command, action, on }))),
      );
    });
}

const SEVERAL: Readonly<Record<string, readonly string[]>> = {
  'dead-letter queues': ["jobs' dead-letter queue", "uploads' dead-letter queue"],
  topics: ['results topic', 'failures topic'],
};

/**
 * Whether a permission of `listed` is for `command`, too: `dlq` for `dlq redrive`, and `upload` for
 * `upload --wait`.
 */
export const isFor = (listed: string, command: string): boolean =>
  command === listed || command.startsWith(`${listed} `);

/** The ARN in a policy that a permission of the README means. */
export function resourceOf(
  { action, on }: OperatorPermission,
  { parts, template, environments, copying }: Deployed,
): string {
  const [key] = template.ofType('AWS::KMS::Key');
  const spill = template.resources.find(({ name }) => name === environments.task['SPILL_BUCKET']);
  const arns: Readonly<Record<string, string | undefined>> = {
    'uploading bucket': parts.uploads.arn,
    'processing bucket': parts.processing.arn,
    'spill bucket': spill?.arn,
    table: parts.table.arn,
    'index of the table': `${parts.table.arn}/index/newest`,
    'jobs queue': parts.jobs.arn,
    'uploads queue': copying?.queue?.arn,
    'results queue': parts.results.arn,
    "jobs' dead-letter queue": parts.deadLetters.arn,
    "uploads' dead-letter queue": copying?.deadLetters.arn,
    'results topic': parts.resultTopic.arn,
    'failures topic': parts.failureTopic.arn,
    'key of yours': key?.arn,
  };
  const arn = arns[on];
  if (arn === undefined)
    throw new Error(`Expected a resource of the pipeline in the README's table, got ${on}.`);
  return /^s3:\w+(Object|Upload)\w*$/.test(action) ? `${arn}/*` : arn;
}

/** The policy of an operator who may do what a command needs, and nothing else. */
export function statementsFor(command: string, deployed: Deployed): Statement[] {
  return readOperatorPermissions()
    .filter((permission) => isFor(permission.command, command))
    .map((permission) => ({
      Effect: 'Allow',
      Action: permission.action,
      Resource: resourceOf(permission, deployed),
    }));
}
