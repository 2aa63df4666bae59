import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { STOP_WORD_LISTS } from '@org/wordfreq-aws-adapters/rules';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeAs } from '../../../core-wordfreq/test/encode-as.ts';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import { readStopWords } from '../counting/stop-words.ts';
import { REPORT_FORMATS } from '../counting/word-reports.ts';
import { type CountTextsOptions, countTexts } from './count.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'count-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'a.txt'), 'red fish');
  writeFileSync(join(folder, 'sub', 'b.txt'), 'blue fish 红 =cmd()');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* piped(...chunks: string[]): AsyncIterable<Uint8Array> {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
}

const DEFAULTS: CountTextsOptions = {
  top: 10,
  tokenizer: 'unicode',
  format: 'tsv',
  perFile: false,
  output: undefined,
  keepCase: false,
  normalize: 'none',
  fold: 'visible',
  locale: 'none',
  encoding: 'auto',
  cjk: 'word',
  wordsFile: undefined,
  dehyphenate: false,
  ngrams: 1,
  stopWords: [],
  minLength: 1,
  threads: 1,
  hidden: false,
  ignore: true,
  glob: [],
  follow: false,
  text: false,
  json: false,
  debug: false,
  region: undefined,
  endpointUrl: undefined,
  profile: undefined,
};

async function run(
  args: readonly string[],
  options: Partial<CountTextsOptions> = {},
  stdin = piped(),
  signal = new AbortController().signal,
  terminal = memoryTerminal(),
): Promise<string[]> {
  const context = { terminal, signal, stdin, environment: {}, version: () => '1.2.3' };
  expect(await countTexts(args, { ...DEFAULTS, ...options }, context)).toBe(0);
  return terminal.lines;
}

/** What is noted where nothing can be counted. */
async function problemsOf(args: readonly string[]): Promise<readonly string[]> {
  const terminal = memoryTerminal();
  const context = {
    terminal,
    signal: new AbortController().signal,
    stdin: piped(),
    environment: {},
    version: () => '1.2.3',
  };
  expect(await countTexts(args, DEFAULTS, context)).toBe(3);
  expect(terminal.lines).toEqual([]);
  return terminal.notes;
}

describe(countTexts, () => {
  it('counts standard input, in chunks that end anywhere', async () => {
    expect(await run([], {}, piped('to be or n', 'ot to be'))).toEqual([
      'word\tcount',
      'be\t2',
      'to\t2',
      'not\t1',
      'or\t1',
    ]);
  });

  it('counts a folder’s files together, and words do not run together between files', async () => {
    expect(await run([folder], { top: 2 })).toEqual(['word\tcount', 'fish\t2', 'blue\t1']);
  });

  it('counts each file by itself when asked', async () => {
    const lines = await run([join(folder, '*.txt'), join(folder, 'sub')], { perFile: true, top: 1 });
    expect(lines).toEqual(['file\tword\tcount', `${folder}/a.txt\tfish\t1`, `${folder}/sub/b.txt\tblue\t1`]);
  });

  it('opens gzip and zstd by what the bytes say, so also from standard input', async () => {
    writeFileSync(join(folder, 'c.txt.gz'), gzipSync('zip zip'));
    expect(await run([join(folder, 'c.txt.gz')])).toContain('zip\t2');
    async function* dribbled(): AsyncIterable<Uint8Array> {
      for (const byte of zstdCompressSync('zoom zoom')) yield Uint8Array.of(byte);
    }
    expect(await run([], {}, dribbled())).toContain('zoom\t2');
  });

  it('says what is wrong with a file that is no gzip, or half of one', async () => {
    writeFileSync(join(folder, 'c.gz'), 'plain');
    expect(await problemsOf([join(folder, 'c.gz')])).toEqual([
      `wordfreq: ${folder}/c.gz cannot be read: expected whole gzip data, but the bytes are something else, although the name or the content encoding promises gzip. Store the text itself, or compress it again.`,
      '  Check the file, or leave it out.',
    ]);
    writeFileSync(join(folder, 'c.gz'), gzipSync('zip zip').subarray(0, 20));
    expect((await problemsOf([join(folder, 'c.gz')]))[0]).toBe(
      `wordfreq: ${folder}/c.gz cannot be read: expected whole gzip data, but they end early. Store the text itself, or compress it again.`,
    );
  });

  it('leaves out stop words of a list, a file, or written out, and short words', async () => {
    const text = (): AsyncIterable<Uint8Array> => piped('The cat and the dog IN a house');
    const words = async (options: Partial<CountTextsOptions>): Promise<readonly string[]> =>
      (await run([], options, text())).slice(1).map((line) => line.split('\t')[0] ?? '');
    expect(await words({ stopWords: ['en'] })).toEqual(['cat', 'dog', 'house']);
    writeFileSync(join(folder, 'stop'), 'CAT\nthe\n');
    expect(await words({ stopWords: [join(folder, 'stop')] })).toEqual(['a', 'and', 'dog', 'house', 'in']);
    expect(await words({ stopWords: ['the,and', 'a,'], minLength: 3 })).toEqual(['cat', 'dog', 'house']);
    await expect(words({ stopWords: ['nope'] })).rejects.toMatchObject({
      exitCode: 2,
      code: 'no-stop-words',
    });
  });

  describe('of texts in other encodings', () => {
    const RUSSIAN = 'Все люди рождаются свободными и равными в своём достоинстве и правах.\n'.repeat(5);
    const put = (name: string, bytes: Uint8Array): string => {
      writeFileSync(join(folder, name), bytes);
      return join(folder, name);
    };

    it('guesses the encoding, and names it', async () => {
      for (const [name, guess] of [
        ['koi8-r', 'koi8-u'],
        ['windows-1251', 'windows-1251'],
        ['utf-16be', 'utf-16be'],
      ] as const) {
        const path = put('ru.txt', encodeAs(name, RUSSIAN));
        for (const threads of [1, 2]) expect((await run([path], { top: 1, threads }))[1]).toBe('и\t10');
        const [report] = [JSON.parse((await run([path], { format: 'json' })).join('\n'))];
        expect(report.encoding).toEqual({ name: guess, foundBy: 'detected' });
        expect((await run([path], { format: 'table' })).join('\n')).toContain(`, ${guess} (guessed)`);
      }
    });

    it('notes which encodings it guessed where the output has no room for them', async () => {
      const path = put('ru.txt', encodeAs('koi8-r', RUSSIAN));
      const utf8 = put('en.txt', new TextEncoder().encode('red fish'));
      const notes = async (args: readonly string[], options: Partial<CountTextsOptions>) => {
        const terminal = memoryTerminal();
        await run(args, options, piped(), new AbortController().signal, terminal);
        return terminal.notes;
      };
      const note = [`wordfreq: encoding guessed: ${path} as koi8-u`];
      expect(await notes([path], { format: 'csv' })).toEqual(note);
      expect(await notes([path, utf8], { format: 'table' })).toEqual(note);
      expect(await notes([path], { format: 'table' })).toEqual([]);
      expect(await notes([path, utf8], { format: 'json', perFile: true })).toEqual([]);
    });

    it('reads them as asked, and compressed ones, too', async () => {
      const path = put('ru.txt.gz', gzipSync(encodeAs('koi8-r', 'Война и мир')));
      expect(await run([path], { encoding: 'koi8-r', format: 'tsv' })).toContain('война\t1');
    });

    it('names the likely encoding, and the option, where it is not sure', async () => {
      const path = put('short.txt', encodeAs('koi8-r', 'Война и мир'));
      expect(await problemsOf([path])).toEqual([
        `wordfreq: ${path} is not UTF-8, but perhaps koi8-u`,
        '  Read it with --encoding koi8-u.',
      ]);
      const german = put('de.txt', encodeAs('windows-1252', 'Der Bär ist groß und braun.'));
      expect((await run([german], { format: 'table' })).join('\n')).toContain(
        'perhaps --encoding windows-1252',
      );
    });

    it('counts UTF-16 without a mark in folders, and skips what is binary', async () => {
      put('sub/ru.txt', encodeAs('utf-16le', RUSSIAN));
      put(
        'sub/image',
        Uint8Array.from({ length: 9000 }, (_, index) => (index * 7) % 256),
      );
      expect(await run([join(folder, 'sub')], { top: 1 })).toEqual(['word\tcount', 'и\t10']);
    });

    it('are added up with UTF-8, small ones with large ones', async () => {
      put('sub/ru.txt', encodeAs('koi8-r', RUSSIAN));
      put('sub/large.txt', Buffer.from('и '.repeat(300_000)));
      expect(await run([join(folder, 'sub')], { top: 1 })).toEqual(['word\tcount', 'и\t300010']);
    });
  });

  it('folds words as asked', async () => {
    const text = '_IŞIK_ ışık ｆｕｌｌ full';
    expect(await run([], { locale: 'tr' }, piped(text))).toContain('ışık\t2');
    expect(await run([], { fold: 'loose' }, piped(text))).toContain('full\t2');
    expect(await run([], { fold: 'none' }, piped(text))).toHaveLength(5);
  });

  describe('with a list of stop words', () => {
    const without = async (list: Uint8Array, text: string, options: Partial<CountTextsOptions> = {}) => {
      writeFileSync(join(folder, 'stop'), list);
      const lines = await run([], { ...options, stopWords: [join(folder, 'stop')] }, piped(text));
      return lines.slice(1).map((line) => line.split('\t')[0]);
    };
    const LIST = 'für\nüber\nzwischen\nnächste\nkönnen\nmüssen\nwäre\nwürde\n'.repeat(2);
    const TEXT = 'Haus für über würde';

    it.each(['utf-16le', 'utf-16be', 'windows-1252'])('in %s', async (name) => {
      expect(await without(encodeAs(name, LIST), TEXT)).toEqual(['haus']);
      expect(await without(gzipSync(encodeAs(name, LIST)), TEXT)).toEqual(['haus']);
    });

    it('in UTF-8, though the texts are in another encoding', async () => {
      expect(await without(Buffer.from('für'), 'fur', { encoding: 'windows-1252' })).toEqual(['fur']);
      const path = join(folder, 'text');
      writeFileSync(path, encodeAs('windows-1252', 'für Haus'));
      const stop = join(folder, 'stop');
      expect(await run([path], { encoding: 'windows-1252', stopWords: [stop] })).toEqual([
        'word\tcount',
        'haus\t1',
      ]);
    });

    it('refuses one that it cannot read, and names the likely encoding', async () => {
      await expect(without(encodeAs('windows-1252', 'für'), TEXT)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('stop is not UTF-8'),
      });
      await expect(without(gzipSync(LIST).subarray(0, 20), TEXT)).rejects.toMatchObject({ exitCode: 2 });
    });

    it('with either apostrophe, composed or decomposed', async () => {
      const text = "don’t don't caf\u00e9 cafe\u0301 x";
      for (const fold of ['visible', 'none'] as const) {
        expect(await without(Buffer.from("don't cafe\u0301"), text, { fold })).toEqual(['x']);
        expect(await without(Buffer.from('don’t caf\u00e9'), text, { fold })).toEqual(['x']);
      }
    });

    it.each([
      ['en', "I'm sure you don't think they're what we'd want; it's can't", 'sure think want'],
      ['fr', "C'est l'homme qu'il n'est pas, d'une autre vie", "autre l'homme vie"],
      ['it', "C'è un'altra vita dell'uomo che l'ha", "dell'uomo vita"],
    ])('that comes with the program: %s, with contractions and elisions', async (name, text, left) => {
      for (const written of [text, text.replaceAll("'", '’')]) {
        const lines = await run([], { stopWords: [name] }, piped(written));
        expect(
          lines
            .slice(1)
            .map((line) => line.split('\t')[0])
            .sort(),
        ).toEqual(left.split(' '));
      }
    });
  });

  it('has every list of stop words that it names', async () => {
    for (const name of STOP_WORD_LISTS.keys())
      expect((await readStopWords([name], {})).size).toBeGreaterThan(20);
  });

  it('counts runs of words, none of which goes from one file into the next, and none with a stop word', async () => {
    const args = [join(folder, 'a.txt'), join(folder, 'sub')];
    const runs = await run(args, { ngrams: 2, stopWords: ['cmd,'] });
    expect(runs).toEqual(['word\tcount', 'blue fish\t1', 'fish 红\t1', 'red fish\t1']);
  });

  it('keeps case when asked', async () => {
    expect(await run([], { keepCase: true }, piped('The the'))).toEqual(['word\tcount', 'The\t1', 'the\t1']);
  });

  it('counts composed and decomposed letters together when asked, and stop words so', async () => {
    const text = 'cafe\u0301 caf\u00e9 noe\u0308l';
    const options = { normalize: 'NFC', stopWords: ['no\u00ebl,'] } as const;
    expect(await run([], options, piped(text))).toEqual(['word\tcount', 'caf\u00e9\t2']);
    expect(await run([], {}, piped(text))).toHaveLength(4);
  });

  it('counts each ideograph and kana when asked', async () => {
    expect(await run([], { cjk: 'character' }, piped('我爱我 タワ'))).toEqual([
      'word\tcount',
      '我\t2',
      'タ\t1',
      'ワ\t1',
      '爱\t1',
    ]);
    await expect(run([], { cjk: 'character', tokenizer: 'whitespace' })).rejects.toMatchObject({
      exitCode: 2,
    });
  });

  it('lets a file name words of languages without spaces', async () => {
    const wordsFile = join(folder, 'words');
    writeFileSync(wordsFile, '\ufeff云原生\r\n\n สมชายใจดี \n');
    const text = '云原生应用 สมชายใจดี';
    expect(await run([], {}, piped(text))).toContain('สมชาย\t1');
    expect(await run([], { wordsFile }, piped(text))).toEqual([
      'word\tcount',
      'สมชายใจดี\t1',
      '云原生\t1',
      '应用\t1',
    ]);
    const inUtf16 = Buffer.from('\ufeff云原生\r\nสมชายใจดี', 'utf16le');
    for (const list of [inUtf16, gzipSync(inUtf16), encodeAs('gb18030', '云原生\n'.repeat(300))]) {
      writeFileSync(wordsFile, list);
      expect(await run([], { wordsFile }, piped(text))).toContain('云原生\t1');
    }
    writeFileSync(wordsFile, encodeAs('big5', '雲原生\n'));
    const big5 = join(folder, 'big5.txt');
    writeFileSync(big5, encodeAs('big5', '雲原生應用'));
    expect(await run([big5], { wordsFile, encoding: 'big5' })).toContain('雲原生\t1');
    await expect(run([], { wordsFile }, piped(text))).rejects.toThrow(/cannot be read/);
    writeFileSync(wordsFile, 'iPhone');
    await expect(run([], { wordsFile })).rejects.toThrow(/words: .*"iPhone"/);
    await expect(run([], { wordsFile: join(folder, 'nope') })).rejects.toMatchObject({ exitCode: 2 });
    await expect(run([], { wordsFile, tokenizer: 'whitespace' })).rejects.toMatchObject({ exitCode: 2 });
  });

  it('joins words that hyphens divide at line ends, if asked to', async () => {
    const text = 'representatives, represen-\ntatives';
    expect(await run([], {}, piped(text))).toContain('tatives\t1');
    expect(await run([], { dehyphenate: true }, piped(text))).toEqual(['word\tcount', 'representatives\t2']);
    await expect(run([], { dehyphenate: true, tokenizer: 'whitespace' }, piped(text))).rejects.toMatchObject({
      field: 'dehyphenate',
    });
  });

  it('counts large and small files of languages without spaces together', async () => {
    writeFileSync(join(folder, 'large'), '我爱北京。'.repeat(50_000));
    writeFileSync(join(folder, 'small'), '北京');
    expect(await run([join(folder, 'large'), join(folder, 'small')], { top: 1 })).toEqual([
      'word\tcount',
      '北京\t50001',
    ]);
  });

  it('counts the same with several threads', async () => {
    const args = [join(folder, 'a.txt'), join(folder, 'sub')];
    expect(await run(args, { threads: 3 })).toEqual(await run(args));
  });

  it('adds up more files than it holds at once', async () => {
    for (let file = 0; file < 150; file += 1) writeFileSync(join(folder, 'sub', `n${file}`), `same n${file}`);
    expect(await run([join(folder, 'sub')], { top: 1 })).toEqual(['word\tcount', 'same\t150']);
  });

  it('writes a file whole, or leaves nothing behind', async () => {
    const output = join(folder, 'out.tsv');
    expect(await run([folder], { output, top: 1 })).toEqual([]);
    expect(readFileSync(output, 'utf8')).toBe('word\tcount\nfish\t2\n');
    rmSync(output);
    const stop = new AbortController();
    async function* interrupted(): AsyncIterable<Uint8Array> {
      yield new TextEncoder().encode('some words');
      stop.abort();
      yield new TextEncoder().encode('and more');
    }
    await expect(run([], { output }, interrupted(), stop.signal)).rejects.toThrow(
      'This operation was aborted',
    );
    expect(readdirSync(folder)).toEqual(['a.txt', 'sub']);
    await expect(run([folder], { output: join(folder, 'no/out') })).rejects.toMatchObject({ exitCode: 3 });
  });

  it('says that nothing is there', async () => {
    expect((await problemsOf([join(folder, 'nope')]))[0]).toBe(
      `wordfreq: no file, folder or match for ${folder}/nope`,
    );
  });

  it('writes JSON that a program reads back', async () => {
    const json = await run([join(folder, 'a.txt')], { format: 'json' });
    const both = await run([folder], { format: 'json', perFile: true });
    expect(JSON.parse(both.join('\n'))).toHaveLength(2);
    expect(JSON.parse(json.join('\n'))).toEqual({
      name: `${folder}/a.txt`,
      totalBytes: 8,
      totalWords: 2,
      distinctWords: 2,
      warnings: [],
      top: [
        { word: 'fish', count: 1 },
        { word: 'red', count: 1 },
      ],
    });
  });

  it('writes CSV in which a word is no formula', async () => {
    const lines = await run([], { format: 'csv', tokenizer: 'whitespace' }, piped('=1+1 "quoted",'));
    expect(lines).toEqual(['word,count', `"""quoted"",",1`, `'=1+1,1`]);
  });

  it('shows nothing that acts on a terminal, in any format', async () => {
    const hostile = '\u001b[31mred\u202e \u009bdone \u2066x';
    for (const format of REPORT_FORMATS) {
      const lines = await run([], { format, tokenizer: 'whitespace' }, piped(hostile));
      const shown = lines.join('\n').replaceAll(/[\n\t]/g, '');
      expect(shown).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      if (format === 'json') {
        const words = JSON.parse(lines.join('\n')).top.map(({ word }: { word: string }) => word);
        expect(words).toContain('\u001b[31mred\u202e');
      }
    }
  });

  it('draws a table that fits, with bars and totals, also with CJK and emoji', async () => {
    const text = `红楼梦 the the the \u202e 👩‍👩‍👧👩‍👩‍👧 supercalifragilisticexpialidocious ${'漢字仮名'.repeat(20)}`;
    const most = { unicode: '仮名漢字', whitespace: 'the' };
    for (const tokenizer of ['unicode', 'whitespace'] as const) {
      const lines = await run([], { format: 'table', tokenizer }, piped(text));
      expect(lines[0]).toBe('-');
      expect(lines[1]).toMatch(new RegExp(`^${most[tokenizer]} +\\d+ {2}█+$`));
      expect(lines.at(-1)).toMatch(/words, \d+ different/);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(80);
      const bars = lines.slice(1, -1).map((line) => stringWidth(line.slice(0, line.indexOf('█'))));
      expect(new Set(bars).size).toBe(1);
    }
  });
});
