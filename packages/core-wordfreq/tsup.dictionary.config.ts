import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';

const DIST = join(import.meta.dirname, 'dist');

/**
 * The dictionaries, apart: source maps would double their megabytes, and so would a second copy of the words for
 * CommonJS, which takes those of the ES module instead. After the rest, which empties the folder first.
 */
const only = (name: string, source: string): Options =>
  library(
    { [name]: source },
    {
      sourcemap: false,
      clean: false,
      async onSuccess() {
        writeFileSync(join(DIST, `${name}.cjs`), `module.exports = require('./${name}.js');\n`);
      },
    },
  );

const configs: readonly Options[] = [
  only('cjk', 'src/cjk/index.ts'),
  only('southeast-asia', 'src/southeast-asia/index.ts'),
];

export default configs;
