import { describe, expect, it } from 'vitest';
import { fingerprintOptions, resolveOptions, type WordCounterOptions } from './options.ts';

describe(resolveOptions, () => {
  it('fills in the documented defaults', () => {
    expect(resolveOptions()).toEqual({
      cjk: 'word',
      dehyphenate: false,
      dictionary: [],
      tokenizer: 'unicode',
      maxTokenBytes: 1024,
      maxDistinctWords: 2 ** 25,
      overflow: 'error',
      normalize: 'none',
      fold: 'visible',
      keepCase: false,
      ngram: 1,
      engine: 'auto',
    });
  });

  it.each([
    [{ tokenizer: 'words' }, 'tokenizer', 'got "words"'],
    [{ tokenizer: null }, 'tokenizer', 'got null'],
    [{ maxTokenBytes: 0 }, 'maxTokenBytes', 'got 0'],
    [{ maxTokenBytes: 15 }, 'maxTokenBytes', 'got 15'],
    [{ maxTokenBytes: 1.5 }, 'maxTokenBytes', 'got 1.5'],
    [{ maxTokenBytes: Number.NaN }, 'maxTokenBytes', 'got NaN'],
    [{ maxTokenBytes: 65_537 }, 'maxTokenBytes', 'got 65537'],
    [{ maxDistinctWords: 0 }, 'maxDistinctWords', 'got 0'],
    [{ keepCase: 1 }, 'keepCase', 'got 1'],
    [{ keepCase: true, tokenizer: 'aws-go-wordfreq-sample' }, 'keepCase', 'got true'],
    [{ ngram: 6 }, 'ngram', 'got 6'],
    [{ engine: 'asm' }, 'engine', 'got "asm"'],
    [{ overflow: 'drop' }, 'overflow', 'got "drop"'],
    [{ fold: 'strict' }, 'fold', 'one of none, visible, loose'],
    [{ fold: 'visible', tokenizer: 'whitespace' }, 'fold', 'none with the tokenizer whitespace'],
    [{ locale: 'en' }, 'locale', 'one of tr, az, lt'],
    [{ locale: 'tr', tokenizer: 'whitespace' }, 'locale', 'none unless'],
    [{ locale: 'tr', keepCase: true }, 'locale', 'none with keepCase'],
    [{ normalize: 'NFKC' }, 'normalize', 'got "NFKC"'],
    [{ normalize: (word: string) => word }, 'normalize', 'one of none, NFC'],
    [{ maxDistinctWords: 10n }, 'maxDistinctWords', 'got 10'],
    [{ maxTokenBytes: '64' }, 'maxTokenBytes', 'got "64"'],
    [null, 'options', 'got null'],
    ['whitespace', 'options', 'got string'],
    [{ tokeniser: 'unicode' }, 'tokeniser', 'got "tokeniser"'],
  ])('refuses %o and names the field', (options, field, message) => {
    expect(() => resolveOptions(options as unknown as WordCounterOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-option', field, message: expect.stringContaining(message) }),
    );
  });

  it('takes a field that is undefined for one that is absent', () => {
    const given = { tokenizer: undefined, ngram: undefined } as unknown as WordCounterOptions;
    expect(resolveOptions(given)).toEqual(resolveOptions());
  });

  it('says which fields there are when it knows none by a name', () => {
    const given = { tokeniser: 'unicode' } as unknown as WordCounterOptions;
    expect(() => resolveOptions(given)).toThrow(/one of tokenizer, .*maxTokenBytes, .*engine/);
  });
});

describe(fingerprintOptions, () => {
  it('is a public contract', () => {
    expect(fingerprintOptions()).toBe('unicode-1024-u17.0.0-visible1');
    expect(fingerprintOptions({ tokenizer: 'whitespace', maxTokenBytes: 64 })).toBe('whitespace-64');
    expect(fingerprintOptions({ keepCase: true, ngram: 2 })).toBe('unicode-1024-u17.0.0-visible1-case-2gram');
    expect(fingerprintOptions({ normalize: 'NFC' })).toBe('unicode-1024-u17.0.0-visible1-nfc');
    expect(fingerprintOptions({ overflow: 'heavy-hitters', maxDistinctWords: 99 })).toBe(
      'unicode-1024-u17.0.0-visible1-heavy99',
    );
    expect(fingerprintOptions({ fold: 'none' })).toBe('unicode-1024-u17.0.0');
    expect(fingerprintOptions({ fold: 'loose', locale: 'tr' })).toBe('unicode-1024-u17.0.0-loose1-tr');
    expect(fingerprintOptions({ maxDistinctWords: 99 })).toBe(fingerprintOptions());
    expect(fingerprintOptions({ engine: 'javascript' })).toBe(fingerprintOptions());
    expect(fingerprintOptions({ tokenizer: 'aws-go-wordfreq-sample' })).toBe('aws-go-wordfreq-sample-65536');
  });
});
