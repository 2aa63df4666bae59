import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countWords, resolveOptions, TOKENIZERS, type Tokenizer } from '../src/index.ts';

const PACKAGE = join(import.meta.dirname, '..');
const README = readFileSync(join(PACKAGE, 'README.md'), 'utf8');

/** The rows of the table that begins with a heading, each as its cells. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const table = README.slice(README.indexOf(heading)).split('\n\n')[0] ?? '';
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const codeIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe('the README', () => {
  const examples = rowsBelow('| text | `unicode` |');

  it('has examples in six scripts and more', () => {
    expect(examples.length).toBeGreaterThanOrEqual(8);
  });

  it.each(
    examples.flatMap(([text, ...cells]) =>
      cells.map((cell, at) => [codeIn(text)[0] ?? '', TOKENIZERS[at] as Tokenizer, codeIn(cell)] as const),
    ),
  )('says what words are in "%s" by %s', async (text, tokenizer, words) => {
    const counts = await countWords(text, { tokenizer });
    expect([...counts].map(([word]) => word).sort()).toEqual([...words].sort());
  });

  it('says which characters words can consist of', async () => {
    const [, , ...sentence] =
      /UAX #29 joins into words as one: (.*), `(.)` and `(.)` are\./.exec(README) ?? [];
    expect(sentence).toEqual(['٫', '˂']);
    expect([...(await countWords('½ ² ①'))]).toEqual([]);
    const words = [...(await countWords('Ⅷ ٫ ˂'))].map(([word]) => word);
    expect(words.sort()).toEqual(['ⅷ', '٫', '˂'].sort());
  });

  it('has every option with its default', () => {
    const documented = Object.fromEntries(
      rowsBelow('| option | default |').map(([option, value = '']) => [
        codeIn(option)[0],
        value.replaceAll(/[`,]/g, ''),
      ]),
    );
    const defaults = Object.entries(resolveOptions()).map(([option, value]) => [
      option,
      value === undefined || String(value) === '' ? 'none' : value === 2 ** 25 ? '2^25' : String(value),
    ]);
    expect(documented).toEqual(Object.fromEntries(defaults));
  });

  it('has every error code and every warning, as their types have', () => {
    const membersOf = (file: string, type: string): string[] => {
      const [, union = ''] = readFileSync(join(PACKAGE, 'src', file), 'utf8').split(`export type ${type} =`);
      return [...(union.split(';')[0] ?? '').matchAll(/'([a-z0-9-]+)'/g)].map(([, code = '']) => code).sort();
    };
    const first = (rows: readonly (readonly string[])[]): string[] =>
      rows.map(([code]) => codeIn(code)[0] ?? '').sort();
    expect(first(rowsBelow('| code | when |'))).toEqual(membersOf('errors.ts', 'WordfreqErrorCode'));
    expect(first(rowsBelow('| warning | meaning |'))).toEqual(membersOf('warnings.ts', 'WarningCode'));
    expect(membersOf('errors.ts', 'WordfreqErrorCode')).toHaveLength(12);
  });
});
