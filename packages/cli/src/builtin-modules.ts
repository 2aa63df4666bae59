// `import` reads every export of a Node module, and so loads what Node itself loads lazily. With imports, a small
// count takes 1.73 times as long as `node -e 0`; with these, 1.43 times (`npm run bench -- --start-up`).

/** Node's `node:fs`. */
export const fs: typeof import('node:fs') = process.getBuiltinModule('node:fs');

/** Node's `node:util`. */
export const util: typeof import('node:util') = process.getBuiltinModule('node:util');
