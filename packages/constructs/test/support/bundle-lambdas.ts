import { join } from 'node:path';
import { bundleLambdas } from '../../../copy-lambda/tools/bundle-lambda.ts';

/** Run by vitest before the tests: bundles the Lambdas of templates from their sources, as the build does, in a second. */
export async function setup(): Promise<void> {
  await bundleLambdas(join(import.meta.dirname, '../../assets'));
}
