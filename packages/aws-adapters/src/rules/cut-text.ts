/** Cuts a text to at most `maxLength` UTF-16 code units, but never inside a surrogate pair. */
export function cutText(text: string, maxLength: number): string {
  const cut = text.slice(0, maxLength);
  return cut.length < text.length ? cut.replace(/[\uD800-\uDBFF]$/, '') : cut;
}

/** Cuts a text to at most `maxBytes` bytes of UTF-8, but never inside a character. */
export function cutToBytes(text: string, maxBytes: number): string {
  // A code unit takes at most three bytes.
  if (text.length * 3 <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, maxBytes)));
  return text.slice(0, read);
}
