import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { ExistingRoles } from './existing-roles.ts';
import { inlineCode } from './inline/inline-code.ts';
import { COPY_UPLOAD } from './inline/minified.ts';

/** The choice of the copy Lambda's code. */
interface CopyCodeChoice {
  /**
   * @default - 'inline' with existing roles, which are for accounts without a bootstrap bucket, else 'asset'
   */
  readonly code?: 'asset' | 'inline' | undefined;
  readonly roles?: ExistingRoles | undefined;
}

/** Written by `npm run build`. The relative path is the same from `src` and from `dist`. */
const PACKAGED: string = fileURLToPath(new URL('../assets/copy-upload', import.meta.url));

/** @throws Error when the package was not built */
export function copyLambdaCode({ roles, code }: CopyCodeChoice): Code {
  if ((code ?? (roles === undefined ? 'asset' : 'inline')) === 'inline') return inlineCode(COPY_UPLOAD);
  if (existsSync(PACKAGED)) return Code.fromAsset(PACKAGED);
  throw new Error(`Expected the packaged Lambda at ${PACKAGED}; run "npm run build" or use code: 'inline'.`);
}
