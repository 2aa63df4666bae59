import { encodingNamed } from '@org/wordfreq-core';

/** The parameter of a content type (RFC 9110, section 8.3.1). */
const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i;

/**
 * The encoding that an object's content type declares; undefined if it declares none, or one that is unknown or
 * not supported.
 *
 * @example
 * declaredEncoding('text/plain; charset=ISO-8859-1'); // 'windows-1252'
 */
export function declaredEncoding(contentType = ''): string | undefined {
  const [, quoted, plain] = CHARSET.exec(contentType) ?? [];
  const label = quoted ?? plain;
  return label === undefined ? undefined : encodingNamed(label);
}
