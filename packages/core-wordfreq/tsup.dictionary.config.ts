import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

// Apart, because source maps would double their three megabytes; after the rest, which empties the folder first.
const config: Options = library(
  { cjk: 'src/cjk/index.ts', 'southeast-asia': 'src/southeast-asia/index.ts' },
  { sourcemap: false, clean: false, splitting: false },
);

export default config;
