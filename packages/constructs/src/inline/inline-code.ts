import { Code } from 'aws-cdk-lib/aws-lambda';

/** CloudFormation's limit for code in a template. The CDK and the offline validation do not check it. */
export const INLINE_CODE_LIMIT: number = 4096;

/**
 * Code in the template, without indentation and whole-line comments: in accounts without a bootstrap bucket the template itself may have
 * 51,200 bytes only.
 *
 * @throws Error for code above the limit
 */
export function inlineCode(source: string): Code {
  const compact = source.replaceAll(/^\s+/gm, '').replaceAll(/^\/\/.*\n/gm, '');
  if (compact.length > INLINE_CODE_LIMIT) {
    throw new Error(
      `Expected inline code of at most ${INLINE_CODE_LIMIT} characters, got ${compact.length}.`,
    );
  }
  return Code.fromInline(compact);
}
