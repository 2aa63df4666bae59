import { describe, expect, it } from 'vitest';
import { copySource, copySourceMetadata } from './copy-source.ts';

describe(copySource, () => {
  it('reads what was written, by names that other programs read', () => {
    const source = { bucket: 'uploads', eTag: 'e', versionId: 'v', sequencer: '0A' };
    expect(Object.fromEntries(copySourceMetadata(source))).toEqual({
      'source-bucket': 'uploads',
      'source-etag': 'e',
      'source-version-id': 'v',
      'source-sequencer': '0A',
    });
    expect(copySource(copySourceMetadata(source))).toEqual(source);
    expect(copySource(copySourceMetadata({ bucket: 'b', eTag: 'e' }))).toEqual({ bucket: 'b', eTag: 'e' });
    expect(copySource(new Map([['owner', 'ann']]))).toBeUndefined();
  });
});
