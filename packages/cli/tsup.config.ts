import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

// ESM only: a program on Node 22.12 or newer, where `require` loads ESM too.
const config: Options = library(
  { index: 'src/index.ts', main: 'src/main.ts', 'lambda-process': 'src/local/lambda-process.ts' },
  { format: ['esm'], noExternal: ['commander'] },
);

export default config;
