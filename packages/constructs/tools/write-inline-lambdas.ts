/**
 * Minifies the Lambdas that travel in the template, because that may have 51,200 bytes only in accounts without a bootstrap bucket:
 * `npm run inline`. A test compares, so that what is tested and reviewed is what is deployed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { transformSync } from 'esbuild';

const SOURCES = resolve(import.meta.dirname, '../lambdas');
const TARGET: string = resolve(import.meta.dirname, '../src/inline/minified.ts');
const LAMBDAS = { COPY_UPLOAD: 'copy-upload.cjs', BACKUP_EVENT_LOGGER: 'backup-event-logger.cjs' } as const;

/** The text of src/inline/minified.ts. */
export function minifiedLambdas(): string {
  const constants = Object.entries(LAMBDAS).map(([name, file]) => {
    const source = readFileSync(resolve(SOURCES, file), 'utf8');
    const { code } = transformSync(source, { format: 'cjs', minify: true, target: 'node24' });
    return [
      `/** Minified from lambdas/${file} by \`npm run inline\`; read that. */`,
      '// biome-ignore format: written by a program',
      '// biome-ignore lint/suspicious/noTemplateCurlyInString: it is a program',
      `export const ${name}: string = ${JSON.stringify(withSingleQuotes(code.trim()))};\n`,
    ].join('\n');
  });
  return constants.join('\n');
}

/** In a template, which is JSON or YAML, each double quote takes two characters. */
function withSingleQuotes(code: string): string {
  return code.replaceAll(/"([^"'\\]*)"/g, "'$1'");
}

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, minifiedLambdas());
