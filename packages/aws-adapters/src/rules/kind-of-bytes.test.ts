import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kindOfBytes } from './kind-of-bytes.ts';

describe(kindOfBytes, () => {
  it.each([
    ['%PDF-1.7\n%\xe2\xe3', 'a PDF document'],
    ['PK\x03\x04\x14\x00', 'a ZIP archive, as .docx, .xlsx and .epub files are'],
    ['\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR', 'a PNG image'],
    ['\xff\xd8\xff\xe0\x00\x10JFIF', 'a JPEG image'],
    ['RIFF\x24\xba\x00\x00WEBPVP8 ', 'a WebP image, or a WAVE or AVI recording'],
    ['\x7fELF\x02\x01\x01', 'a program'],
  ])('names %j', (bytes, kind) => {
    expect(kindOfBytes(Buffer.from(bytes, 'latin1'))).toBe(kind);
  });

  it('names what zlib has compressed, but nothing that has no mark of its own', () => {
    expect(kindOfBytes(gzipSync('text'))).toBe('compressed by gzip');
    expect(kindOfBytes(deflateRawSync('text'))).toBeUndefined();
    expect(kindOfBytes(brotliCompressSync('text'))).toBeUndefined();
  });

  it.each(['It was the best of times', 'Привет, мир', '日本語の文章', '', 'a', '\0', '\0\0\0\0\0\0'])(
    'calls UTF-8 nothing else: %j',
    (text) => {
      expect(kindOfBytes(Buffer.from(text))).toBeUndefined();
    },
  );
});
