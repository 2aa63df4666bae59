import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { ExistingRoles } from './existing-roles.ts';
import { inlineCode } from './inline/inline-code.ts';

/** Where a Lambda's code comes from. */
export interface LambdaCodeChoice {
  /** The folder under `assets`, put there by `npm run build`. */
  readonly asset: 'copy-upload' | 'backup-event-logger';
  /** The smaller form that fits into a template. */
  readonly source: string;
  /** @default - 'inline' with existing roles, which are for accounts without a bootstrap bucket, else 'asset' */
  readonly code?: 'asset' | 'inline' | undefined;
  readonly roles?: ExistingRoles | undefined;
}

/** The same path from `src` and from `dist`. */
const ASSETS: string = fileURLToPath(new URL('../assets', import.meta.url));

/** @throws Error when the package was not built */
export function lambdaCode({ asset, source, roles, code }: LambdaCodeChoice): Code {
  if ((code ?? (roles === undefined ? 'asset' : 'inline')) === 'inline') return inlineCode(source);
  const folder = `${ASSETS}/${asset}`;
  if (existsSync(folder)) return Code.fromAsset(folder);
  throw new Error(`Expected the packaged Lambda at ${folder}; run "npm run build" or use code: 'inline'.`);
}
