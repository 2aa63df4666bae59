const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** Text that becomes the content of an element. */
function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES.get(character) ?? character);
}

/** An element with text, or with other elements. */
export function element(name: string, content: string | number | boolean | readonly string[]): string {
  return `<${name}>${Array.isArray(content) ? content.join('') : escapeXml(String(content))}</${name}>`;
}

/** A document whose root is in S3's name space. */
export function s3Document(root: string, elements: readonly string[]): string {
  const start = `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${start}${elements.join('')}</${root}>`;
}

/** Control characters except tab and line feed, and two more code points that XML 1.0 excludes. */
const UNSAFE = /(?![\t\n])\p{Cc}|[\uFFFE\uFFFF]/gu;

/**
 * Writes control characters as references, as S3 does: parsers turn a bare CR into a line feed, and refuse
 * most others. They refuse the references of those as well, which is why listings can be encoded.
 */
export function referControls(xml: string): string {
  return xml.replaceAll(UNSAFE, (character) => `&#x${character.codePointAt(0)?.toString(16).toUpperCase()};`);
}

/** Whether parsers of XML 1.0 refuse a document because of a character in it (section 2.2, "Characters"). */
export function hasForbiddenCharacter(xml: string): boolean {
  return /(?![\t\n\r\u007F-\u009F])\p{Cc}|[\uFFFE\uFFFF]/u.test(xml);
}

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The text that the content of an element stands for. */
export function unescapeXml(content: string): string {
  return content
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED.get(name) ?? all;
      return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    });
}
