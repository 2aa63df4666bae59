import { Code } from 'aws-cdk-lib/aws-lambda';

/** CloudFormation's limit for code in a template. The CDK and the offline validation do not check it. */
export const INLINE_CODE_LIMIT: number = 4096;

/** Text in single quotes, or a piece of code between such texts. */
const TEXT_OR_CODE = /'(?:[^'\\\n]|\\.)*'|[^']+/g;

/**
 * Code in the template, without whole-line comments and needless space: in accounts without a bootstrap bucket the template itself may
 * have 51,200 bytes only. The code must end its statements with semicolons and quote its texts with single quotes.
 *
 * @throws Error for code above the limit
 */
export function inlineCode(source: string): Code {
  const compact = source
    .replaceAll(/^\s*\/\/.*\n/gm, '')
    .replaceAll(TEXT_OR_CODE, (part) =>
      part.startsWith("'") ? part : part.replaceAll(/\s*([=,(){}[\];:?<>|&+*])\s*/g, '$1'),
    );
  if (compact.length > INLINE_CODE_LIMIT) {
    throw new Error(
      `Expected inline code of at most ${INLINE_CODE_LIMIT} characters, got ${compact.length}.`,
    );
  }
  return Code.fromInline(compact);
}
