import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options = library(
  {
    index: 'src/index.ts',
    node: 'src/node/index.ts',
    web: 'src/web/index.ts',
    decompress: 'src/node/decompress.ts',
    // Not exported: the program of counting threads, found beside node.js.
    'range-program': 'src/node/range-program.ts',
  },
  // The CommonJS form needs import.meta.url to find that program. Types of what is marked @internal are
  // nobody else's.
  { shims: true, dts: { compilerOptions: { stripInternal: true } } },
);

export default config;
