import { glob, readFile, writeFile } from 'node:fs/promises';
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

/** The package has its sources, so that their text in source maps would only double them. */
async function dropOwnSources(): Promise<void> {
  for await (const path of glob('dist/*.map')) {
    const map = JSON.parse(await readFile(path, 'utf8')) as { sources: string[]; sourcesContent?: string[] };
    const sourcesContent = map.sources.map((source, index) =>
      /^\.\.\/src\/(?!dictionary\/generated\/)/.test(source) ? null : (map.sourcesContent?.[index] ?? null),
    );
    await writeFile(path, JSON.stringify({ ...map, sourcesContent }));
  }
}

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
    onSuccess: async () => {
      await writeFile('dist/engine.wasm', Buffer.from(ENGINE_BINARY, 'base64'));
      await dropOwnSources();
    },
    esbuildPlugins: [withoutFiles],
  },
);

export default config;
