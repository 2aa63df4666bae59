/**
 * Bundles and minifies the inline Lambdas, because in accounts without a bootstrap bucket a template may have
 * only 51,200 bytes: `npm run inline`. A test compares, so that the reviewed and tested code is what is
 * deployed.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';

const SOURCES = resolve(import.meta.dirname, '../lambdas');
const TARGET: string = resolve(import.meta.dirname, '../src/inline/minified.ts');
const LAMBDAS = { COPY_UPLOAD: 'copy-upload.js', BACKUP_EVENT_LOGGER: 'backup-event-logger.js' } as const;

/** The text of src/inline/minified.ts. */
export function minifiedLambdas(): string {
  const constants = Object.entries(LAMBDAS).map(([name, file]) => {
    const { outputFiles } = buildSync({
      entryPoints: [resolve(SOURCES, file)],
      write: false,
      bundle: true,
      external: ['@aws-sdk/*'],
      conditions: ['@org/source'],
      platform: 'node',
      format: 'cjs',
      minify: true,
      target: 'node24',
      // They import the shared rules, and set `exports` of CommonJS, which takes the fewest characters.
      logOverride: { 'commonjs-variable-in-esm': 'silent' },
    });
    // They do nothing that strict mode forbids.
    const code = (outputFiles[0]?.text ?? '').replace(/^"use strict";/, '');
    return [
      `/** Minified from lambdas/${file} by \`npm run inline\`; read that file instead. */`,
      '// biome-ignore format: written by a program',
      '// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program',
      `export const ${name}: string = ${JSON.stringify(withSingleQuotes(code.trim()))};\n`,
    ].join('\n');
  });
  return constants.join('\n');
}

/** In a template, each double quote would take two characters. */
function withSingleQuotes(code: string): string {
  return code.replaceAll(/"([^"'\\]*)"/g, "'$1'");
}

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, minifiedLambdas());
