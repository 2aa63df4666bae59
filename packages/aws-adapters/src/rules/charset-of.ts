/** The parameter of a content type (RFC 9110, section 8.3.1). */
const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i;

/**
 * The charset that an object's content type declares, if it declares one.
 *
 * @example
 * charsetOf('text/plain; charset=ISO-8859-1'); // 'ISO-8859-1'
 */
export function charsetOf(contentType = ''): string | undefined {
  const [, quoted, plain] = CHARSET.exec(contentType) ?? [];
  return quoted ?? plain;
}
