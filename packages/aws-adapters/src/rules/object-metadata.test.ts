import { describe, expect, it } from 'vitest';
import { metadataOfCopy } from './object-metadata.ts';

describe(metadataOfCopy, () => {
  const added = new Map([['source-bucket', 'b'.repeat(35)]]); // 48 bytes

  it('keeps all of the source’s that S3 allows, to the byte', () => {
    const source = new Map([
      ['a', 'x'.repeat(1000)],
      ['ü', 'ü'.repeat(498)],
      ['c', ''],
    ]);
    expect(metadataOfCopy(source, added)).toEqual(new Map([...source, ...added]));
    expect([...metadataOfCopy(new Map([...source, ['d', '']]), added).keys()]).toEqual([
      'a',
      'ü',
      'c',
      'source-bucket',
    ]);
  });

  it('leaves out what does not fit, and takes what comes later and does', () => {
    const source = new Map([
      ['large', 'x'.repeat(1996)],
      ['small', 'x'],
    ]);
    expect([...metadataOfCopy(source, added).keys()]).toEqual(['small', 'source-bucket']);
  });

  it('has the added value where both have one', () => {
    expect(metadataOfCopy(new Map([['source-bucket', 'theirs']]), added)).toEqual(added);
  });
});
