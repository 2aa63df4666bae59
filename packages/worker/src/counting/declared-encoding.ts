import { charsetOf } from '@org/wordfreq-aws-adapters/rules';
import { encodingNamed } from '@org/wordfreq-core';

/**
 * The encoding that an object's content type declares; undefined if it declares none, or one that is unknown or
 * not supported.
 *
 * @example
 * declaredEncoding('text/plain; charset=ISO-8859-1'); // 'windows-1252'
 */
export function declaredEncoding(contentType?: string): string | undefined {
  const charset = charsetOf(contentType);
  return charset === undefined ? undefined : encodingNamed(charset);
}
