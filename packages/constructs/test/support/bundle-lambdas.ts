import { join } from 'node:path';
import { bundleLambda } from '../../../copy-lambda/tools/bundle-lambda.ts';

/**
 * Run by vitest before the tests: bundles the copy Lambda from its sources, as the build does, in a second.
 */
export async function setup(): Promise<void> {
  await bundleLambda(join(import.meta.dirname, '../../assets'));
}
