import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options = library(
  {
    index: 'src/index.ts',
  },
  // Defines import.meta.url in CommonJS, which is used to find the packaged Lambda.
  { shims: true },
);

export default config;
