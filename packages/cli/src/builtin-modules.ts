// `import` reads every export of a Node module, and so loads what Node itself loads lazily. With imports, a small
// count takes 1.73 times as long as `node -e 0`; with these, 1.43 times (`npm run bench -- --start-up`).

/** Node's `node:fs`. */
export const fs: typeof import('node:fs') = process.getBuiltinModule('node:fs');

/** Node's `node:util`. */
export const util: typeof import('node:util') = process.getBuiltinModule('node:util');

/** The oldest Node that the program runs on; a test compares it with the manifest. */
export const OLDEST_NODE = '22.13';

/** Whether this Node is new enough. */
export function isNewEnough(node: string = process.versions.node): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0] = OLDEST_NODE.split('.').map(Number);
  return major > oldMajor || (major === oldMajor && minor >= oldMinor);
}
