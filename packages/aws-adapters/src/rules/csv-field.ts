/**
 * Returns a field of a CSV row (RFC 4180) that no spreadsheet takes for a formula (OWASP, "CSV Injection").
 * Some programs treat full-width signs like the others. A sign alone is not a formula.
 */
export function csvField(text: string): string {
  const guarded = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]./.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
