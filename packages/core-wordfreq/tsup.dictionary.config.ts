import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

// Apart, because a source map would double its two megabytes; after the rest, which empties the folder first.
const config: Options = library({ cjk: 'src/cjk/index.ts' }, { sourcemap: false, clean: false });

export default config;
