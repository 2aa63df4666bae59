/** Characters that SQS refuses: those that XML 1.0 cannot carry. */
const REFUSED = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Makes a text acceptable as a message attribute; what SQS would refuse becomes U+FFFD. */
export function attributeText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(REFUSED, '\uFFFD');
}

/**
 * Escapes what SQS refuses as JSON does, and also what lies outside the Basic Multilingual Plane, because some
 * SQS-compatible servers refuse that. JSON means the same afterwards.
 */
export function escapeRefused(text: string): string {
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Renders JSON that every SQS-compatible server accepts. */
export function messageJson(value: unknown): string {
  return escapeRefused(JSON.stringify(value));
}

/** What SQS counts against its limit of message size. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
