/**
 * Bundles and minifies the Lambdas that travel in the template, because that may have 51,200 bytes only in accounts without a bootstrap bucket:
 * `npm run inline`. A test compares, so that what is tested and reviewed is what is deployed.
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
      // They import the rules, and set "exports" as CommonJS does: that takes the fewest characters.
      logOverride: { 'commonjs-variable-in-esm': 'silent' },
    });
    const code = outputFiles[0]?.text ?? '';
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
