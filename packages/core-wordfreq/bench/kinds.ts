/**
 * `npm run bench -w packages/core-wordfreq -- --kinds`: how fast each kind of text is counted, in processor time, against the King
 * James Bible in the same run, and where new words take most of the time also against the C program.
 */
import { randomFillSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Tokenizer, WordCounter, type WordCounterOptions } from '@org/wordfreq-core';
import { cjkDictionary } from '@org/wordfreq-core/cjk';
import {
  burmeseDictionary,
  khmerDictionary,
  laoDictionary,
  thaiDictionary,
} from '@org/wordfreq-core/southeast-asia';
import { BENCH_FOLDER, bible, sample } from './corpora.ts';
import { program } from './measure.ts';

const BYTES = 4_000_000;
const PIECE = 64 * 1024;
const ROUNDS = 5;
/** The share of King James's MB/s that a kind has to reach. */
const LEAST = 0.4;
/** How many times as fast as the C program a kind has to be where nearly each word is new. */
const LEAST_OF_C = 1.5;

const encoder = new TextEncoder();

/** Repeats a text to the size of all kinds. */
function filled(text: string | Uint8Array): Uint8Array {
  const bytes = typeof text === 'string' ? encoder.encode(text) : text;
  const all = new Uint8Array(BYTES);
  for (let at = 0; at < BYTES; at += bytes.length) all.set(bytes.subarray(0, BYTES - at), at);
  // A character that is cut at the end would be another kind of text.
  return all.subarray(0, all.lastIndexOf(0x0a) + 1 || BYTES);
}

/** Numbers below a limit, the same in each run. */
let state = 1;
function below(limit: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

function lines(line: (number: number) => string): Uint8Array {
  const made: string[] = [];
  for (let length = 0, number = 0; length < BYTES; number += 1) {
    const next = `${line(number)}\n`;
    made.push(next);
    length += next.length;
  }
  return filled(made.join(''));
}

const texts = (name: RegExp): string => new TextDecoder().decode(sample(name));
const english = texts(/^en-/);
const hebrew = 'כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון.\n';
const tibetan = 'འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ཆེ་མཐོངས་དང༌། ཐོབ་ཐངགི་རང་དབང་འདྲ་མཉམ་དུ་ཡོད་ལ།\n';
const vietnamese =
  'Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền. Mọi con người đều được tạo hoá ban cho lý trí và lương tâm.\n';
const lao = 'ມະນຸດເກີດມາມີສິດເສລີພາບ ແລະ ສະເໝີໜ້າກັນໃນທາງກຽດຕິສັກ ແລະ ທາງສິດດ້ວຍມີສະຕິສຳປັດຊັນຍະ\n';
const khmer = 'មនុស្សទាំងអស់ កើតមកមានសេរីភាព និងភាពស្មើៗគ្នា ក្នុងផ្នែកសេចក្ដីថ្លៃថ្នូរ និងសិទ្ធិ ។\n';
const burmese = 'လူတိုင်းသည် တူညီ လွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့် လည်းကောင်း၊ တူညီလွတ်လပ်သော အခွင့်အရေးများဖြင့် လည်းကောင်း၊\n';
const base64 = (bytes: number): string =>
  Buffer.from(Array.from({ length: bytes }, () => below(256))).toString('base64');
const random = (): Uint8Array => randomFillSync(new Uint8Array(BYTES));

/** A text of one kind. `newWords`: nearly each word is new, so that the table takes most of the time. */
interface Kind {
  readonly name: string;
  readonly make: () => Uint8Array;
  readonly newWords?: boolean;
}

const KINDS: readonly Kind[] = [
  { name: 'English', make: () => filled(english) },
  { name: 'French', make: () => filled(texts(/^fr-/)) },
  { name: 'French, NFD', make: () => filled(texts(/^fr-/).normalize('NFD')) },
  { name: 'German', make: () => filled(texts(/^de-/)) },
  { name: 'Vietnamese', make: () => filled(vietnamese) },
  { name: 'Vietnamese, NFD', make: () => filled(vietnamese.normalize('NFD')) },
  { name: 'Greek', make: () => filled(texts(/^el-/)) },
  { name: 'Greek, NFD', make: () => filled(texts(/^el-/).normalize('NFD')) },
  { name: 'Russian', make: () => filled(texts(/^ru-/)) },
  { name: 'Hebrew', make: () => filled(hebrew) },
  { name: 'Arabic', make: () => filled(texts(/^ar-/)) },
  { name: 'Hindi', make: () => filled(texts(/^hi-/)) },
  { name: 'Tibetan', make: () => filled(tibetan) },
  { name: 'Korean', make: () => filled(texts(/^ko-/)) },
  { name: 'Korean, NFD', make: () => filled(texts(/^ko-/).normalize('NFD')) },
  { name: 'Chinese', make: () => filled(texts(/^zh-/)) },
  { name: 'Japanese', make: () => filled(texts(/^ja-/)) },
  { name: 'Japanese, NFD', make: () => filled(texts(/^ja-/).normalize('NFD')) },
  { name: 'Thai', make: () => filled(texts(/^th-/)) },
  { name: 'Lao', make: () => filled(lao) },
  { name: 'Khmer', make: () => filled(khmer) },
  { name: 'Burmese', make: () => filled(burmese) },
  {
    name: 'log',
    make: () =>
      lines(
        (at) =>
          `2026-11-28T12:${10 + (at % 50)}:${10 + (at % 49)}.${100 + below(900)}Z INFO [worker-${below(8)}] GET /api/items/${below(5000)} 200 ${below(90)}ms`,
      ),
  },
  { name: 'code', make: () => filled(readFileSync(join(import.meta.dirname, 'run.ts'))) },
  {
    name: 'JSON',
    make: () => lines((at) => JSON.stringify({ id: at % 999, name: 'item', tags: ['a', 'b'], ok: true })),
  },
  {
    name: 'CSV',
    make: () =>
      lines((at) => `${at},${below(1e9)},item ${below(1e6)},${(below(1e7) / 100).toFixed(2)},"x, y"`),
    newWords: true,
  },
  { name: 'base64 in lines', make: () => lines(() => base64(57)), newWords: true },
  { name: 'base64 in one line', make: () => encoder.encode(base64(BYTES / 2)) },
  { name: 'CRLF', make: () => filled(english.replaceAll('\n', '\r\n')) },
  {
    name: 'all words distinct',
    make: () => lines((at) => `w${at.toString(36)} x${below(2 ** 31).toString(36)}`),
    newWords: true,
  },
  { name: 'long words', make: () => lines(() => 'abcdefghij'.repeat(20 + below(20))) },
  { name: 'emoji chat', make: () => filled('great 😀 see you 👍🏽 tomorrow ❤️ ok 👩‍👩‍👧 lol 😂😂\n') },
  { name: 'no spaces', make: () => filled(`${english.replace(/\s+/g, '-').slice(0, 100_000)}\n`) },
  { name: 'no-break spaces', make: () => filled(english.replaceAll(' ', '\u00a0')) },
  { name: 'soft hyphens', make: () => filled(english.replace(/([a-z]{4})(?=[a-z]{3})/g, '$1\u00ad')) },
  { name: 'only spaces', make: () => filled(' '.repeat(4096)) },
  { name: 'only line feeds', make: () => filled('\n'.repeat(4096)) },
  { name: 'NULs', make: () => new Uint8Array(BYTES) },
  { name: 'damaged: a byte in a thousand', make: () => damaged(1000) },
  { name: 'random bytes', make: random, newWords: true },
];

function damaged(each: number): Uint8Array {
  const bytes = filled(english).slice();
  for (let at = 0; at < bytes.length; at += each) bytes[at] = 0xff;
  return bytes;
}

const dictionary = [cjkDictionary, thaiDictionary, laoDictionary, khmerDictionary, burmeseDictionary];
const OPTIONS: readonly (readonly [Tokenizer, WordCounterOptions])[] = [
  ['unicode', { tokenizer: 'unicode', dictionary }],
  ['whitespace', { tokenizer: 'whitespace' }],
];

/** Processor time, because other programs run on this machine, too. */
function secondsOf(bytes: Uint8Array, options: WordCounterOptions): number {
  const from = process.cpuUsage();
  const counter = new WordCounter(options);
  for (let at = 0; at < bytes.length; at += PIECE) counter.push(bytes.subarray(at, at + PIECE));
  counter.finish();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

/** Counts two texts in turn. Returns the MB/s of each, by its best round. */
function inTurn(a: Uint8Array, b: Uint8Array, options: WordCounterOptions): readonly [number, number] {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, bytes] of [a, b].entries()) {
      const seconds = secondsOf(bytes, options);
      if (round > 0) best[index as 0 | 1] = Math.min(best[index as 0 | 1], seconds);
    }
  }
  return [a.length / best[0] / 1e6, b.length / best[1] / 1e6];
}

async function speedOfC(bytes: Uint8Array, growingC: string): Promise<number> {
  const path = join(BENCH_FOLDER, 'kind.txt');
  mkdirSync(BENCH_FOLDER, { recursive: true });
  writeFileSync(path, bytes);
  const { run } = program('countwords’ C', [growingC], path);
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) seconds.push(await run());
  return bytes.length / Math.min(...seconds) / 1e6;
}

/** Measures all kinds and writes the table with `say`. */
export async function measureKinds(growingC: string, say: (line: string) => void): Promise<void> {
  const reference = filled(readFileSync(bible().path).subarray(0, 4_300_000));
  say(
    `Processor time, the best of ${ROUNDS} rounds of 4 MB, in turn with the first 4 MB of ${bible().note}. Dictionaries of all languages. † below ${LEAST * 100} % of it` +
      `, and below ${LEAST_OF_C} times the C program where nearly each word is new.\n`,
  );
  say('| kind | unicode MB/s | of King James | whitespace MB/s | of King James | times as fast as C |');
  say('|---|---|---|---|---|---|');
  for (const { name, make, newWords = false } of KINDS) {
    const bytes = make();
    const measured = OPTIONS.map(([, options]) => inTurn(bytes, reference, options));
    const c = newWords ? await speedOfC(bytes, growingC) : undefined;
    const cells = measured.flatMap(([speed, ofReference]) => {
      const isFast = speed / ofReference >= LEAST || (c !== undefined && speed / c >= LEAST_OF_C);
      return [speed.toFixed(0), `${((100 * speed) / ofReference).toFixed(0)} %${isFast ? '' : ' †'}`];
    });
    const ofC = c === undefined ? '' : measured.map(([speed]) => (speed / c).toFixed(1)).join(' / ');
    say(`| ${[name, ...cells, ofC].join(' | ')} |`);
  }
}
