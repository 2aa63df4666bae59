/** Licences that require no more than attribution. Allowing another one is a decision, not just one more line. */
const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);

/** `(MIT OR GPL-3.0-or-later)`: one of those that the author offers is enough. */
export function isAllowedLicence(license: string): boolean {
  return license
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => ALLOWED_LICENCES.has(choice));
}
