import { cp } from 'node:fs/promises';
import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options[] = [
  library(
    { index: 'src/index.ts', page: 'src/page/index.ts' },
    // The page's files are read beside the program, from sources and from the build alike.
    { shims: true, onSuccess: () => cp('src/page/assets', 'dist/assets', { recursive: true }) },
  ),
  // A program, not a library: ESM only.
  library(
    { main: 'src/main.ts', 'counting-thread': 'src/counting/counting-thread.ts' },
    { format: ['esm'], clean: false, splitting: false },
  ),
];

export default config;
