import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

// Apart, because source maps would double their three megabytes; after the rest, which empties the folder first.
const only = (entry: Record<string, string>): Options => library(entry, { sourcemap: false, clean: false });

const configs: readonly Options[] = [
  only({ cjk: 'src/cjk/index.ts' }),
  only({ 'southeast-asia': 'src/southeast-asia/index.ts' }),
];

export default configs;
