import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createMemoryObjectStore } from '@org/wordfreq-aws-adapters/memory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../worker/src/config.ts';
import { createInlineCounting } from '../../worker/src/counting/inline-counting.ts';
import { countingPolicyOf } from '../../worker/src/jobs/counting-policy.ts';
import { processJob } from '../../worker/src/jobs/process-job.ts';
import { BUCKET, ENVIRONMENT } from '../../worker/test/support/memory-world.ts';
import { runWordfreq } from './support/run-wordfreq.ts';

/** A sentence of each script, and a word that only a dictionary finds in it. */
const SENTENCES: readonly (readonly [language: string, sentence: string, word: string])[] = [
  ['Chinese', '人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心。', '尊严'],
  [
    'Japanese',
    'すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。',
    '自由',
  ],
  ['Thai', 'มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ', 'อิสระ'],
  ['Lao', 'ມະນຸດທຸກຄົນເກີດມາມີສິດເສລີພາບ ແລະ ສະເໝີໜ້າກັນໃນທາງກຽດຕິສັກ ແລະ ສິດດ້ວຍມະໂນທໍາ', 'ມະນຸດ'],
  ['Khmer', 'មនុស្សទាំងអស់កើតមកមានសេរីភាពនិងភាពស្មើៗគ្នាក្នុងសិទ្ធិនិងសេចក្ដីថ្លៃថ្នូរ', 'មនុស្ស'],
  ['Burmese', 'လူတိုင်းသည်တူညီလွတ်လပ်သောဂုဏ်သိက္ခာဖြင့်လည်းကောင်းတူညီလွတ်လပ်သောအခွင့်အရေးများဖြင့်လည်းကောင်းမွေးဖွားလာသူများဖြစ်သည်', 'အခွင့်အရေး'],
];

/** Above the size from which `wordfreq count` uses the core's dictionaries instead of the platform's. */
const MANY = 1000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scripts-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Counted {
  readonly words: number;
  readonly distinctWords: number;
  readonly top: readonly { readonly word: string; readonly count: number }[];
}

async function countedByProgram(text: string): Promise<Counted> {
  const path = join(folder, 'text.txt');
  writeFileSync(path, text);
  const { exitCode, stdout, stderr } = await runWordfreq(['count', '--json', '--top', '100', path]);
  expect(exitCode, stderr).toBe(0);
  const { totalWords: words, distinctWords, top } = JSON.parse(stdout);
  return { words, distinctWords, top };
}

async function countedByWorker(text: string): Promise<Counted> {
  const objects = createMemoryObjectStore({ clock: systemClock, buckets: [BUCKET] });
  const object = await objects.put({ bucket: BUCKET, key: 'text.txt' }, Buffer.from(text));
  const policy = countingPolicyOf(
    readConfig({ ...ENVIRONMENT, TOP_WORDS: '100', MAX_OBJECT_BYTES: '100000000' }),
  );
  const dependencies = { objects, clock: systemClock, counting: createInlineCounting(), policy };
  const job = { object, attempt: 1 };
  const { totals, words: top } = await processJob(job, dependencies, new AbortController().signal);
  return { words: totals.words, distinctWords: totals.distinctWords, top };
}

describe('a text without spaces between words', () => {
  it.each(SENTENCES)(
    'in %s is counted alike by "wordfreq count" and by a worker',
    async (_, sentence, word) => {
      const [program, worker] = [await countedByProgram(sentence), await countedByWorker(sentence)];
      expect(program).toEqual(worker);
      expect(worker.top.find((each) => each.word === word)?.count).toBeGreaterThanOrEqual(1);
    },
  );

  it('in all of them together is counted alike, too, if it is long', async () => {
    const text = SENTENCES.map(([, sentence]) => `${sentence}\n`)
      .join('')
      .repeat(MANY);
    const [program, worker] = [await countedByProgram(text), await countedByWorker(text)];
    expect(program).toEqual(worker);
    for (const [, , word] of SENTENCES) {
      expect(worker.top.find((each) => each.word === word)?.count).toBeGreaterThanOrEqual(MANY);
    }
  });
});
