import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options = library(
  {
    index: 'src/index.ts',
  },
  // For import.meta.url in CommonJS, by which the packaged Lambda is found.
  { shims: true },
);

export default config;
