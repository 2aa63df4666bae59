/**
 * A field of a CSV row: RFC 4180, and a spreadsheet must not take a word for a formula (OWASP, "CSV
 * Injection"), also not by the full-width signs, which some programs take for the others; one sign alone is
 * none.
 */
export function csvField(text: string): string {
  const guarded = /^[=+\-@\t\r＝＋－＠]./.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
