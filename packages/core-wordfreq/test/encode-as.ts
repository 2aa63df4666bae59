/** Encoders that platforms lack: the inverse of `TextDecoder`. */
const tables = new Map<string, ReadonlyMap<string, readonly number[]>>();

/** Encodes a text; it throws for a character that the encoding does not have. */
export function encodeAs(name: string, text: string): Uint8Array {
  if (name.startsWith('utf-16')) return utf16(text, name === 'utf-16le');
  if (name.startsWith('utf-32')) return utf32(text, name === 'utf-32le');
  const table = tables.get(name) ?? inverse(name);
  tables.set(name, table);
  const bytes: number[] = [];
  for (const character of text) {
    const encoded = table.get(character);
    if (encoded === undefined) throw new Error(`Expected a character of ${name}, got ${character}.`);
    bytes.push(...encoded);
  }
  return Uint8Array.from(bytes);
}

/** The parts of a text that an encoding has. */
export function encodable(name: string, text: string): string {
  const table = tables.get(name) ?? inverse(name);
  tables.set(name, table);
  return [...text].filter((character) => table.has(character)).join('');
}

function inverse(name: string): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder(name);
  const table = new Map<string, readonly number[]>();
  const add = (bytes: readonly number[]): boolean => {
    // In two steps, because Node 20 decodes windows-1252 as ISO 8859-1 in one.
    const text = decoder.decode(Uint8Array.from(bytes), { stream: true });
    const rest = decoder.decode();
    const isWhole = rest === '' && text !== '' && !text.includes('\ufffd');
    if (isWhole && [...text].length === 1 && !table.has(text)) table.set(text, bytes);
    return isWhole;
  };
  for (let first = 0; first < 0x100; first += 1) {
    if (add([first]) || first < 0x81) continue;
    for (let second = 0x30; second < 0xff; second += 1) add([first, second]);
  }
  return table;
}

function utf16(text: string, isLittleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let unit = 0; unit < text.length; unit += 1) {
    view.setUint16(2 * unit, text.charCodeAt(unit), isLittleEndian);
  }
  return new Uint8Array(view.buffer);
}

function utf32(text: string, isLittleEndian: boolean): Uint8Array {
  const codePoints = [...text].map((character) => character.codePointAt(0) as number);
  const view = new DataView(new ArrayBuffer(4 * codePoints.length));
  for (const [index, codePoint] of codePoints.entries()) view.setUint32(4 * index, codePoint, isLittleEndian);
  return new Uint8Array(view.buffer);
}
