import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options = library({
  index: 'src/index.ts',
  page: 'src/page/index.ts',
  main: 'src/main.ts',
});

export default config;
