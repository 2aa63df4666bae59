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
