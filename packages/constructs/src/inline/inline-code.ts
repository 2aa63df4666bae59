import { Code } from 'aws-cdk-lib/aws-lambda';

/** CloudFormation's limit for inline code. Neither the CDK nor offline validation checks it. */
export const INLINE_CODE_LIMIT: number = 4096;

/**
 * Lambda code that is written into the template.
 *
 * @throws Error for code above the limit
 */
export function inlineCode(code: string): Code {
  if (code.length > INLINE_CODE_LIMIT) {
    throw new Error(`Expected inline code of at most ${INLINE_CODE_LIMIT} characters, got ${code.length}.`);
  }
  return Code.fromInline(code);
}
