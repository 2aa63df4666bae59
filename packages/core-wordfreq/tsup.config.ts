import { writeFile } from 'node:fs/promises';
import type { Options } from 'tsup';
import { library } from '../../tsup.shared.ts';
import { ENGINE_BINARY } from './src/engine/generated/engine-binary.ts';

/** chardet can also read files, which loads Node's `fs`; nothing here does. */
const withoutFiles: NonNullable<Options['esbuildPlugins']>[number] = {
  name: 'without-files',
  setup(build) {
    build.onLoad({ filter: /chardet\/lib\/fs\/node\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

const config: Options = library(
  {
    index: 'src/index.ts',
    node: 'src/node/index.ts',
    web: 'src/web/index.ts',
    decompress: 'src/node/decompress.ts',
    dictionaries: 'src/node/dictionaries.ts',
    encoding: 'src/encoding/index.ts',
    // Not exported: the program of counting threads, found beside node.js.
    'range-program': 'src/node/range-program.ts',
  },
  // The CommonJS form needs import.meta.url to find that program. Types of what is marked @internal are
  // nobody else's.
  {
    shims: true,
    dts: { compilerOptions: { stripInternal: true } },
    noExternal: ['chardet'],
    // For platforms that compile files only.
    onSuccess: () => writeFile('dist/engine.wasm', Buffer.from(ENGINE_BINARY, 'base64')),
    esbuildPlugins: [withoutFiles],
  },
);

export default config;
