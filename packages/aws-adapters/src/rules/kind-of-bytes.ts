/** How files of a kind begin, byte by byte; the first that fits is the kind. */
const BEGINNINGS: readonly (readonly [beginning: string, kind: string])[] = [
  ['%PDF-', 'a PDF document'],
  ['PK\x03\x04', 'a ZIP archive, as .docx, .xlsx and .epub files are'],
  ['\x1f\x8b', 'compressed by gzip'],
  ['\x28\xb5\x2f\xfd', 'compressed by Zstandard'],
  ['BZh', 'compressed by bzip2'],
  ['\xfd7zXZ\x00', 'compressed by xz'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['\x89PNG', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['II*\x00', 'a TIFF image'],
  ['MM\x00*', 'a TIFF image'],
  ['RIFF', 'a WebP image, or a WAVE or AVI recording'],
  ['ID3', 'an MP3 recording'],
  ['OggS', 'an Ogg recording'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'a document of an older Microsoft Office'],
  ['\x7fELF', 'a program'],
  ['SQLite format 3\x00', 'an SQLite database'],
  ['PAR1', 'a Parquet file'],
];

/** How many bytes {@link kindOfBytes} looks at. */
export const KIND_BYTES = 512;

/**
 * What bytes that are not text are, as a phrase after "it is", if their beginning shows it (by the
 * formats' own specifications). For messages only: a text may begin like another format.
 *
 * @example
 * kindOfBytes(Buffer.from('%PDF-1.7')); // 'a PDF document'
 */
export function kindOfBytes(bytes: Uint8Array): string | undefined {
  const beginsWith = (text: string): boolean =>
    bytes.length >= text.length && [...text].every((unit, index) => bytes[index] === unit.charCodeAt(0));
  return BEGINNINGS.find(([beginning]) => beginsWith(beginning))?.[1];
}
