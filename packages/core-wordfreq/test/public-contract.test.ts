import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';

describe('the root entry', () => {
  it('exports exactly this', () => {
    expect(Object.keys(core).sort()).toEqual([
      'ENCODING_VERSION',
      'PartCounter',
      'TOKENIZERS',
      'UNICODE_VERSION',
      'WordCounter',
      'WordCounts',
      'WordfreqError',
      'countWords',
      'decodeCounts',
      'encodeCounts',
      'filterCounts',
      'fingerprintOptions',
      'finishPart',
      'mergeCounts',
      'mergeEncoded',
      'mergeParts',
      'resolveOptions',
    ]);
  });

  it('has exactly these options', () => {
    expect(Object.keys(core.resolveOptions()).sort()).toEqual([
      'dictionary',
      'engine',
      'keepCase',
      'maxDistinctWords',
      'maxTokenBytes',
      'ngram',
      'normalize',
      'overflow',
      'tokenizer',
    ]);
  });

  it('writes encoded counts that begin with the mark and version 1', async () => {
    const counts = await core.countWords('b a\0b', { tokenizer: 'whitespace' });
    const bytes = [...core.encodeCounts(counts)].flatMap((chunk) => [...chunk]);
    expect(bytes).toEqual([
      ...[0x57, 0x46, 0x43, 1, 2, 5],
      ...[1, 1, 1, 3], // one kind of warning: nul, once, at byte 3
      ...[1, 0, 3, 0x61, 0, 0x62], // a\0b once
      ...[1, 0, 1, 0x62], // b once
      0,
    ]);
  });
});
