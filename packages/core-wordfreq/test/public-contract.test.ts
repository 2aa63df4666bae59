import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';

/** Types of TypeScript's library that have no value. */
const STANDARD_TYPES: ReadonlySet<string> = new Set([
  ...['AsyncGenerator', 'AsyncIterable', 'ErrorOptions', 'Generator', 'Iterable', 'IterableIterator'],
  ...['Omit', 'PromiseLike', 'Required'],
]);

/** CRC-32 of the bytes before, by zlib. */
const CHECKSUM = [0x4c, 0xed, 0x29, 0x27];

describe('the root entry', () => {
  it('exports exactly this', () => {
    expect(Object.keys(core).sort()).toEqual([
      'CASE_LOCALES',
      'CJK_UNITS',
      'DETECTION_BYTES',
      'ENCODING_VERSION',
      'FOLDS',
      'NORMALIZATIONS',
      'PartCounter',
      'TOKENIZERS',
      'UNICODE_VERSION',
      'WordCounter',
      'WordCounts',
      'WordfreqError',
      'countWords',
      'decodeCounts',
      'encodeCounts',
      'encodingNamed',
      'filterCounts',
      'fingerprintOptions',
      'finishPart',
      'mergeCounts',
      'mergeEncoded',
      'mergeParts',
      'resolveOptions',
      'setEngine',
      'withLineEnds',
      'withWords',
    ]);
  });

  it('names no type in a signature that it does not export, and nothing that is internal', () => {
    const report = readFileSync(join(import.meta.dirname, '../api/index.api.md'), 'utf8');
    expect(report).not.toContain('@internal');
    const code = report.replace(/\/\/.*$/gm, '').replace(/'[^']*'/g, '');
    const exported = new Set(
      [...code.matchAll(/export (?:abstract )?(?:class|interface|type|const|function) (\w+)/g)].map(
        ([, name]) => name,
      ),
    );
    const signatures = code.slice(code.indexOf('```ts'), code.lastIndexOf('```'));
    const unknown = [...new Set(signatures.match(/\b[A-Z]\w*[a-z]\w*\b/g))].filter(
      (name) => !exported.has(name) && !(name in globalThis) && !STANDARD_TYPES.has(name),
    );
    expect(unknown).toEqual([]);
  });

  it('has exactly these options', () => {
    expect(Object.keys(core.resolveOptions()).sort()).toEqual([
      'cjk',
      'dehyphenate',
      'dictionary',
      'encoding',
      'engine',
      'fold',
      'keepCase',
      'locale',
      'maxDistinctWords',
      'maxTokenBytes',
      'ngram',
      'normalize',
      'overflow',
      'tokenizer',
    ]);
  });

  it('writes encoded counts that begin with the mark and version 3, and end with a checksum', async () => {
    const counts = await core.countWords('b a\0b', { tokenizer: 'whitespace' });
    const bytes = [...core.encodeCounts(counts)].flatMap((chunk) => [...chunk]);
    expect(bytes).toEqual([
      ...[0x57, 0x46, 0x43, 3, 2, 5, 0, 0],
      ...[1, 1, 1, 3], // one kind of warning: nul, once, at byte 3
      ...[1, 0, 3, 0x61, 0, 0x62], // a\0b once
      ...[1, 0, 1, 0x62], // b once
      ...[0, ...CHECKSUM],
    ]);
  });
});
