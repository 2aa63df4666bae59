import type { Stack } from 'aws-cdk-lib';
import {
  ExistingRoles,
  type NetworkMode,
  type UploadCopyOptions,
  WordFreqPipeline,
  type WordFreqPipelineProps,
  WorkerImage,
} from '../../src/index.ts';
import { type Synthesized, synthesize } from './synthesize.ts';

/** The choices that change a pipeline's template most. */
export interface Variant {
  readonly roleMode: 'default' | 'existing';
  readonly mode: NetworkMode;
  readonly trigger: NonNullable<UploadCopyOptions['trigger']>;
}

/** All role modes × networks × triggers. */
export const VARIANTS: readonly Variant[] = (['default', 'existing'] as const).flatMap((roleMode) =>
  (['public', 'isolated', 'nat'] as const).flatMap((mode) =>
    (['queue', 'notification', 'eventbridge'] as const).map((trigger) => ({ roleMode, mode, trigger })),
  ),
);

/** A title for the tests of a variant. */
export const nameOf = ({ roleMode, mode, trigger }: Variant): string =>
  `${roleMode} roles, ${mode} network, ${trigger} trigger`;

/** Adds a pipeline of that kind, with everything else switched on. */
export function buildVariant(
  stack: Stack,
  { roleMode, mode, trigger }: Variant,
  props: Partial<WordFreqPipelineProps> = {},
): void {
  new WordFreqPipeline(stack, 'WordFreq', {
    image: WorkerImage.fromRegistry('123456789012.dkr.ecr.us-east-1.amazonaws.com/wordfreq-worker:1.0.0'),
    upload: { trigger, code: 'inline' },
    network: { mode },
    // Labs with only LabRole have no AWS Budgets.
    ...(roleMode === 'existing'
      ? { roles: ExistingRoles.fromName(stack, 'LabRole') }
      : { monthlyBudgetUsd: 20 }),
    page: {},
    alarmEmail: 'team@example.com',
    resultEmail: 'team@example.com',
    ...props,
  });
}

/** A stack with such a pipeline. */
export function synthesizeVariant(variant: Variant, props: Partial<WordFreqPipelineProps> = {}): Synthesized {
  return synthesize((stack) => buildVariant(stack, variant, props));
}
