/** Cuts a text to at most `maxLength` UTF-16 units, and never through the middle of a character: half of one is not Unicode. */
export function cutText(text: string, maxLength: number): string {
  const cut = text.slice(0, maxLength);
  return cut.length < text.length ? cut.replace(/[\uD800-\uDBFF]$/, '') : cut;
}
