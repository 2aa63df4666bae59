import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  countWords,
  type Engine,
  fingerprintOptions,
  WordCounter,
  type WordCounterOptions,
  type WordDictionary,
} from '../index.ts';
import { createSegmenter } from '../tokenize/dictionary-segmenter.ts';
import { cjkDictionary } from './cjk-dictionary.ts';
import { FIRST_CHARACTERS, type LookaheadScript } from './lookahead-table.ts';
import {
  burmeseDictionary,
  khmerDictionary,
  laoDictionary,
  thaiDictionary,
} from './southeast-asian-dictionaries.ts';

const THAI_SAMPLE = join(import.meta.dirname, '../../../../samples/texts/th-sitthi-manutsayachon.txt');

/** Article 1 of the Universal Declaration of Human Rights; the whole of it in Thai. */
const SCRIPTS = [
  {
    dictionary: thaiDictionary,
    letters: /[ก-ฺเ-๎]/u,
    text: readFileSync(THAI_SAMPLE, 'utf8'),
  },
  {
    dictionary: laoDictionary,
    letters: /(?![໐-໙])\p{Script=Lao}/u,
    text: 'ມະນຸດເກີດມາມີສິດເສລີພາບ ແລະ ສະເໝີໜ້າກັນໃນທາງກຽດຕິສັກ ແລະ ທາງສິດດ້ວຍມີສະຕິສຳປັດຊັນຍະ(ຮູ້ດີຮູ້ຊົ່ວ)ແລະມີມະໂນທຳຈື່ງຕ້ອງປະພຶດຕົນຕໍ່ກັນໃນທາງພີ່ນ້ອງ.',
  },
  {
    dictionary: khmerDictionary,
    letters: /(?=[ក-៓ៗៜ៝])\p{Script=Khmer}/u,
    text: 'មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងភាពស្មើៗគ្នា ក្នុងផ្នែកសេចក្ដីថ្លៃថ្នូរ និងសិទ្ធិ ។ មនុស្សគ្រប់រូប សុទ្ធតែមានវិចារណញ្ញាណ និងសតិសម្បជញ្ញៈ ហើយគប្បីប្រព្រឹត្តចំពោះគ្នាទៅវិញទៅមក ក្នុងស្មារតីរាប់អានគ្នាជាបងប្អូន ។',
  },
  {
    dictionary: burmeseDictionary,
    letters: /(?![၀-၏႐-႙႞႟꧰-꧹꩷-꩹])\p{Script=Myanmar}/u,
    text: 'လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် လည်းကောင်း၊ တူညီလွတ်လပ်သော အခွင့်အရေးများဖြင့် လည်းကောင်း၊ မွေးဖွားလာသူများ ဖြစ်သည်။ ထိုသူတို့၌ ပိုင်းခြား ဝေဖန်တတ်သော ဉာဏ်နှင့် ကျင့်ဝတ် သိတတ်သော စိတ်တို့ရှိကြ၍ ထိုသူတို့သည် အချင်းချင်း မေတ္တာထား၍ ဆက်ဆံကျင့်သုံးသင့်၏။',
  },
];
const SOUTHEAST_ASIAN = SCRIPTS.map(({ dictionary }) => dictionary);
const ALL: readonly WordDictionary[] = [...SOUTHEAST_ASIAN, cjkDictionary];

/** ICU's dictionaries change with its version, so only the one that ours were made from can be the judge. */
const hasSameIcu = thaiDictionary.version === `thai-icu${process.versions.icu?.split('.')[0]}`;
const NEEDS_ICU = `(it needs ICU of ${thaiDictionary.version})`;

const segment = createSegmenter({
  dictionary: SOUTHEAST_ASIAN,
  cjk: 'word',
  normalize: 'none',
  fold: 'none',
});
const segmentByPlatform = createSegmenter({ dictionary: [], cjk: 'word', normalize: 'none', fold: 'none' });

function wordsOf(run: string, by = segment): string[] {
  const words: string[] = [];
  by(run, (word) => words.push(word));
  return words;
}

/** Walks from the root of a table by random characters: words, and beginnings of words. */
function walk({ script, table }: WordDictionary, choices: readonly number[]): string {
  const slots = table();
  let node = 0;
  let word = '';
  for (const choice of choices) {
    const next: number[] = [];
    for (let character = 0; character < 0xa0; character += 1) {
      const slot = slots[node + character] as number;
      if ((slot & 0xff) === character && slot > 0xff) next.push(slot);
    }
    if (next.length === 0) break;
    const slot = next[choice % next.length] as number;
    word += String.fromCodePoint(FIRST_CHARACTERS[script as LookaheadScript] + (slot & 0xff));
    node = slot >>> 9;
    if (node === 0) break;
  }
  return word;
}

/** Runs of a script: words side by side, words cut short, and single characters. */
function runsOf(dictionary: WordDictionary, letters: RegExp): fc.Arbitrary<string> {
  const first = FIRST_CHARACTERS[dictionary.script as LookaheadScript];
  const characters = Array.from({ length: 0x100 }, (_, at) => String.fromCodePoint(first + at))
    .concat('ꩠ', 'ꩻ', 'ꧡ')
    .filter((character) => letters.test(character));
  const isOfScript = new RegExp(`^(?:${letters.source})*$`, 'u');
  return fc
    .array(
      fc.oneof(
        {
          weight: 6,
          arbitrary: fc.array(fc.nat(1000), { maxLength: 14 }).map((choices) => walk(dictionary, choices)),
        },
        { weight: 1, arbitrary: fc.constantFrom(...characters) },
      ),
      { minLength: 1, maxLength: 20 },
    )
    .map((parts) => parts.join(''))
    .filter((run) => isOfScript.test(run));
}

describe.each(SCRIPTS)('the dictionary of $dictionary.script', ({ dictionary, letters, text }) => {
  it.runIf(hasSameIcu)(`cuts thousands of random runs as Intl.Segmenter does ${NEEDS_ICU}`, () => {
    fc.assert(
      fc.property(runsOf(dictionary, letters), (run) => {
        expect(wordsOf(run)).toEqual(wordsOf(run, segmentByPlatform));
      }),
      { numRuns: 4000 },
    );
  });

  it.runIf(hasSameIcu)(`cuts the samples as Intl.Segmenter does ${NEEDS_ICU}`, () => {
    const runs = text.match(new RegExp(`(?:${letters.source})+`, 'gu')) ?? [];
    expect(runs.length).toBeGreaterThan(5);
    expect(runs.some((run) => wordsOf(run).length > 3)).toBe(true);
    for (const run of runs) expect(wordsOf(run)).toEqual(wordsOf(run, segmentByPlatform));
  });

  describe('on a platform without Intl', () => {
    afterEach(() => vi.unstubAllGlobals());

    it.each<Engine>(['wasm', 'javascript'])('counts as with it, in %s', async (engine) => {
      const expected = (await countWords(text, { dictionary })).toJSON();
      vi.stubGlobal('Intl', undefined);
      expect((await countWords(text, { dictionary, engine })).toJSON()).toEqual(expected);
      expect((await countWords(text)).distinctWords).not.toBe(expected.words.length);
    });
  });

  it('is part of the fingerprint', () => {
    expect(fingerprintOptions({ dictionary })).toBe(`${fingerprintOptions()}-${dictionary.version}`);
  });
});

const KATAKANA_JOINED_TO_SOUTHEAST_ASIAN =
  /\p{sc=Kana}[\p{M}\p{Cf}]*_[_\p{M}\p{Cf}]*[\p{sc=Laoo}\p{sc=Thai}\p{sc=Khmr}\p{sc=Mymr}\u1950-\u197f]/u;

describe('text of all scripts', () => {
  const count = (text: string, options: WordCounterOptions, pushed = 1000) => {
    const counter = new WordCounter(options);
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += pushed) counter.push(bytes.subarray(at, at + pushed));
    const counts = counter.finish();
    return { words: new Map(counts), total: counts.totalWords, warnings: counts.warnings };
  };
  const mixed = fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.oneof(...SCRIPTS.map((each) => runsOf(each.dictionary, each.letters))) },
        {
          weight: 3,
          arbitrary: fc.constantFrom(
            ...'。, \n“\r☆♥_:1中国かﾊ𠀀\u200d\u200b\u200c\u0301\u00ad\u17b4ᥐ❤៛๑',
            '中国',
            'カタカナ_a ',
            'abc ',
            '한국',
            '\u200d❤',
            'ြိ',
          ),
        },
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''));

  it('is counted alike by both engines, for every length of words, dictionaries and neighbours', {}, () => {
    fc.assert(
      fc.property(
        mixed,
        fc.constantFrom(16, 60, 1024),
        fc.constantFrom(1, 7, 1000),
        fc.subarray([...ALL]),
        fc.constantFrom<WordCounterOptions>({}, { normalize: 'NFC' }, { fold: 'none' }),
        (text, maxTokenBytes, pushed, dictionary, others) => {
          const options = { ...others, maxTokenBytes, dictionary };
          expect(count(text, { ...options, engine: 'wasm' }, pushed)).toEqual(
            count(text, { ...options, engine: 'javascript' }, pushed),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it.runIf(hasSameIcu)(`is counted as by the platform ${NEEDS_ICU}`, () => {
    fc.assert(
      fc.property(mixed, fc.subarray([...ALL]), (text, dictionary) => {
        // ICU calls nothing a word that a ZWJ joins to a pictograph.
        fc.pre(!/\u200d\p{Extended_Pictographic}/u.test(text));
        // ICU keeps Katakana, an underscore and a Southeast Asian letter together. UAX #29 does not: those
        // letters are no ALetter, so WB13b does not apply.
        fc.pre(!KATAKANA_JOINED_TO_SOUTHEAST_ASIAN.test(text));
        expect(count(text, { dictionary })).toEqual(count(text, {}));
      }),
      { numRuns: 400 },
    );
  });

  it('does not depend on the order of dictionaries', () => {
    expect(fingerprintOptions({ dictionary: ALL })).toBe(
      fingerprintOptions({ dictionary: [...ALL].reverse() }),
    );
    expect(fingerprintOptions({ dictionary: ALL })).toMatch(
      /-cjk-\S+-thai-\S+-lao-\S+-khmer-\S+-burmese-\S+$/,
    );
  });

  it('counts runs that are longer than what is cut at a time', () => {
    const text = 'ภาษาไทยง่าย'.repeat(2000);
    const dictionary = thaiDictionary;
    const counts = count(text, { dictionary, engine: 'wasm' }, 10_000);
    expect(counts).toEqual(count(text, { dictionary, engine: 'javascript' }));
    expect(counts.words.get('ไทย')).toBeGreaterThan(1990);
  });

  it.each([
    ['two of a script', [thaiDictionary, thaiDictionary]],
    ['something else', [thaiDictionary, {} as never]],
  ])('refuses %s', (_, dictionary) => {
    expect(() => new WordCounter({ dictionary })).toThrow(/Option dictionary/);
  });
});
