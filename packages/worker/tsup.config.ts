import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options[] = [
  library({ index: 'src/index.ts', page: 'src/page/index.ts' }),
  // A program, not a library: ESM only.
  library({ main: 'src/main.ts' }, { format: ['esm'], clean: false }),
];

export default config;
