import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeAs } from '../../test/encode-as.ts';
import { cjkDictionary } from '../cjk/index.ts';
import { detectEncoding } from '../encoding/index.ts';
import { countWords, fingerprintOptions } from '../index.ts';
import * as southeastAsia from '../southeast-asia/index.ts';
import { dictionariesFor, readWords } from './dictionaries.ts';

const SAMPLES = join(import.meta.dirname, '../../../../samples/texts');
const CORE = [cjkDictionary, ...Object.values(southeastAsia)];

async function* chunks(...all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

describe(dictionariesFor, () => {
  it('returns the core’s dictionaries, by their names and by their words', () => {
    const dictionaries = dictionariesFor();
    expect(dictionaries.map(({ script }) => script).sort()).toEqual(CORE.map(({ script }) => script).sort());
    for (const { script, version, table } of dictionaries) {
      const own = CORE.find((each) => each.script === script);
      expect(version).toBe(own?.version);
      const [ours, theirs] = [table(), own?.table() ?? []].map((each) =>
        Buffer.from(Uint32Array.from(each).buffer),
      );
      expect(ours?.equals(theirs as Buffer), script).toBe(true);
    }
  });

  it('leaves out what the options have no use for', () => {
    expect(dictionariesFor({ cjk: 'character' }).map(({ script }) => script)).not.toContain('cjk');
    expect(dictionariesFor({ tokenizer: 'whitespace' })).toEqual([]);
  });

  it('adds words to the dictionaries, and names them in the fingerprint', async () => {
    const dictionary = dictionariesFor({}, ['云原生', 'สมชายใจดี']);
    const counts = await countWords('云原生应用 สมชายใจดี', { dictionary });
    expect([counts.get('云原生'), counts.get('สมชายใจดี')]).toEqual([1, 1]);
    expect(fingerprintOptions({ dictionary })).not.toBe(
      fingerprintOptions({ dictionary: dictionariesFor() }),
    );
    expect(() => dictionariesFor({}, ['English'])).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'words' }),
    );
    expect(() => dictionariesFor({ tokenizer: 'whitespace' }, ['云原生'])).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'words' }),
    );
  });
});

describe(readWords, () => {
  const list = '\ufeff云原生\r\n应用\n\n';

  it.each([
    ['UTF-8', Buffer.from(list), undefined],
    ['UTF-16', Buffer.from(list, 'utf16le'), undefined],
    ['UTF-8, compressed', gzipSync(list), undefined],
    ['GB 18030, declared', Buffer.from('d4c6d4adc9fa0ad3a6d3c30a', 'hex'), 'gb18030'],
  ])('reads %s', async (_, bytes, encoding) => {
    expect([...(await readWords(chunks(bytes), { encoding }))].sort()).toEqual(['云原生', '应用']);
  });

  it('asks a detector', async () => {
    const text = readFileSync(join(SAMPLES, 'zh-shijing.txt'), 'utf8').replaceAll(/[\p{P}A-Za-z\d]/gu, '\n');
    const words = await readWords(chunks(encodeAs('gb18030', text)), { encoding: detectEncoding });
    expect(words).toContain('秦风');
  });

  it('composes words, as dictionaries have them', async () => {
    expect(await readWords(chunks(Buffer.from('プログラミング'.normalize('NFD'))))).toEqual([
      'プログラミング',
    ]);
  });

  it.each([
    ['in another encoding', Buffer.from('d4c6d4adc9fa0a', 'hex')],
    ['with NULs', Buffer.from('a\0b')],
  ])('refuses a list %s, instead of leaving words out', async (_, bytes) => {
    await expect(readWords(chunks(bytes))).rejects.toMatchObject({ code: 'invalid-option', field: 'words' });
  });
});
