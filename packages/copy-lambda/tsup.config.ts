import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const config: Options = library({
  index: 'src/index.ts',
  handler: 'src/handler.ts',
});

export default config;
