// `import` reads every export of a Node module, and so loads what Node itself loads lazily: a third of this
// program's start-up time. What most starts need is taken from here instead.

/** Node's `node:fs`. */
export const fs: typeof import('node:fs') = process.getBuiltinModule('node:fs');

/** Node's `node:util`. */
export const util: typeof import('node:util') = process.getBuiltinModule('node:util');
