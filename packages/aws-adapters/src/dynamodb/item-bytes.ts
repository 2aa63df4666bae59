/**
 * The size of an item in bytes, as DynamoDB bills it ("DynamoDB item sizes and formats" of its Developer
 * Guide): names and strings in UTF-8; a number has a byte for two digits and one more; a list or a map has
 * three bytes and one more for each element.
 */
export function itemBytes(item: object): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + (value === undefined ? 0 : Buffer.byteLength(name) + valueBytes(value)),
    0,
  );
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (typeof value === 'number') {
    const digits = String(value)
      .replace(/^-?0*\.?0*/, '')
      .replace('.', '')
      .replace(/0+$/, '');
    return Math.ceil(Math.max(digits.length, 1) / 2) + 1 + (value < 0 ? 1 : 0);
  }
  if (typeof value === 'boolean' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum, each) => sum + 1 + valueBytes(each), 3);
  const fields = Object.entries(value as object);
  return fields.reduce((sum, [name, each]) => sum + 1 + Buffer.byteLength(name) + valueBytes(each), 3);
}
