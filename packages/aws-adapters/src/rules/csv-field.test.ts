import { describe, expect, it } from 'vitest';
import { csvField } from './csv-field.ts';

describe(csvField, () => {
  it.each(['=1+1', '+1', '-1', '@a', '\ta', '＝1+1', '＋1', '－1', '＠a'])('guards %j', (text) => {
    expect(csvField(text)).toBe(`'${text}`);
  });

  it.each(['=', '＝', 'a=b', "it's"])('leaves %j as it is', (text) => {
    expect(csvField(text)).toBe(text);
  });

  it('quotes what RFC 4180 wants quoted', () => {
    expect(csvField('a,"b"')).toBe('"a,""b"""');
    expect(csvField('=a,b')).toBe(`"'=a,b"`);
  });
});
