import { join, sep } from 'node:path';

/** A path of this machine; as bytes where they are not UTF-8, which names need not be on Linux. */
export type Path = string | Buffer;

/** A name as it was read: as text, if it is UTF-8. */
export function pathOf(bytes: Buffer): Path {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : bytes;
}

/** A path below a folder. */
export function joinPath(folder: Path, name: Path): Path {
  if (typeof folder === 'string' && typeof name === 'string') return join(folder, name);
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), Buffer.from(name)]);
}

/**
 * A path for people and reports. One that is not UTF-8 has the bytes that are not ASCII in hexadecimal digits.
 */
export function shownPath(path: Path): string {
  if (typeof path === 'string') return path;
  return path
    .toString('latin1')
    .replaceAll(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
