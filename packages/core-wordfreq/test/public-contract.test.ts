import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';

describe('the root entry', () => {
  it('exports exactly this', () => {
    expect(Object.keys(core).sort()).toEqual([
      'TOKENIZERS',
      'UNICODE_VERSION',
      'WordCounter',
      'WordCounts',
      'WordfreqError',
      'fingerprintOptions',
      'resolveOptions',
    ]);
  });
});
