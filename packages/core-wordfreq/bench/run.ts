/**
 * `npm run bench -w packages/core-wordfreq`: builds the package and takes it as users do, compares outputs
 * first, then measures all contestants in the same run, and writes a dated file into `results/`. `-- --quick`
 * takes small texts and one round, and writes nothing; `-- --kinds` measures kinds of text instead (kinds.ts).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { BENCH_FOLDER, bible, type Corpus, language, zipf } from './corpora.ts';
import { measureKinds } from './kinds.ts';
import { type Contestant, interleave, type Measured, program, Resident } from './measure.ts';

const isQuick = process.argv.includes('--quick');
const areKinds = process.argv.includes('--kinds');
/** More rounds of what is short, which varies more. */
const roundsOf = ({ bytes }: Corpus): number => (isQuick ? 1 : bytes > 100_000_000 ? 5 : 11);
const HERE = import.meta.dirname;

function compile(name: string, flags: readonly string[]): string {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const output = join(BENCH_FOLDER, name);
  execFileSync('gcc', ['-O2', ...flags, '-o', output, join(HERE, 'native/countwords.c')]);
  return output;
}

const fixedC = compile('countwords', []);
const growingC = compile('countwords-growing', ['-DGROWING']);
const countAll = (engine: string): readonly [string, ...string[]] => [
  process.execPath,
  join(HERE, 'count-all.ts'),
  engine,
];

/** Lines in the order of bytes, because the C programs leave ties in any order. */
function fingerprint(command: readonly string[], path: string): string {
  const { stdout, status } = spawnSync(command[0] as string, command.slice(1), {
    stdio: [openSync(path, 'r'), 'pipe', 'inherit'],
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}.`);
  const lines = stdout.toString('latin1').split('\n').sort().join('\n');
  return createHash('sha256').update(lines).digest('hex');
}

const report: string[] = [];
function say(line: string): void {
  console.log(line);
  report.push(line);
}

function requireSame(corpus: Corpus, cProgram: string): void {
  const expected = fingerprint([cProgram], corpus.path);
  for (const engine of ['wasm', 'javascript']) {
    if (fingerprint(countAll(engine), corpus.path) !== expected) {
      throw new Error(`${corpus.name}: the ${engine} engine and the C program disagree.`);
    }
  }
  say(`Outputs on ${corpus.name} are the same: the C program, WebAssembly, JavaScript.\n`);
}

async function measure(
  corpus: Corpus,
  contestants: readonly Contestant[],
  rounds = roundsOf(corpus),
): Promise<void> {
  const measured = await interleave(contestants, rounds);
  const row = ({ name, best, median, ratio }: Measured): string =>
    `| ${name} | ${best.toFixed(3)} | ${median.toFixed(3)} | ${(corpus.bytes / median / 1e6).toFixed(0)} | ${ratio.toFixed(2)} |`;
  say(`| ${corpus.name} | best s | median s | MB/s | times as fast as the first |`);
  say('|---|---|---|---|---|');
  for (const each of measured) say(row(each));
  say('');
}

async function withResidents(
  specs: readonly (readonly [name: string, ...args: string[]])[],
  corpus: Corpus,
  use: (contestants: readonly Contestant[]) => Promise<void>,
): Promise<void> {
  const residents = specs.map(
    ([name, ...args]) => new Resident(name, [join(HERE, 'resident.ts'), corpus.path, ...args]),
  );
  await use(residents.map((resident) => resident.contestant()));
  for (const resident of residents) resident.end();
}

async function againstC(corpus: Corpus, cProgram: string): Promise<void> {
  say(`### ${corpus.name}: ${corpus.note}, ${(corpus.bytes / 1e6).toFixed(1)} MB\n`);
  requireSame(corpus, cProgram);
  const specs = [
    ['whitespace, in process', 'whitespace', 'wasm'],
    ['whitespace in JavaScript, in process', 'whitespace', 'javascript'],
    ['unicode, in process', 'unicode', 'wasm'],
  ] as const;
  await withResidents(specs, corpus, (residents) =>
    measure(corpus, [
      program('countwords’ C, gcc -O2, whole process', [cProgram], corpus.path),
      program('whitespace, whole process', countAll('wasm'), corpus.path),
      ...residents,
    ]),
  );
  // "01" is one thread, but by way of the file.
  const threads = [
    ['whitespace, one thread, from the file', 'whitespace', 'wasm', '01'],
    ['whitespace, two threads, from the file', 'whitespace', 'wasm', '2'],
  ] as const;
  // Whatever else a machine does takes one of two processors, so these vary most.
  await withResidents(threads, corpus, (residents) => measure(corpus, residents, 2 * roundsOf(corpus)));
}

async function againstIntl(corpus: Corpus): Promise<void> {
  say(`### ${corpus.name}: ${corpus.note}, ${(corpus.bytes / 1e6).toFixed(1)} MB\n`);
  const specs = [
    ['Intl.Segmenter into a Map, in process', 'intl'],
    ['unicode with the dictionary, in process', 'unicode-dictionary', 'wasm'],
    ['unicode, in process', 'unicode', 'wasm'],
    ['unicode with the dictionary in JavaScript, in process', 'unicode-dictionary', 'javascript'],
  ] as const;
  await withResidents(specs, corpus, (residents) => measure(corpus, residents));
}

const date = new Date().toISOString().slice(0, 10);
say(`# ${date}\n`);
say(
  `Node ${process.version}, ${cpus()[0]?.model} × ${cpus().length}; 11 interleaved rounds after one that warms up, 5 with more than 100 MB. Ratios are ` +
    'medians of the ratios within each round.\n',
);
if (areKinds) await measureKinds(growingC, say);
else {
  await againstC(bible(), fixedC);
  await againstC(zipf(isQuick ? 40 : 400), growingC);
  // The last is all samples, twelve languages.
  for (const code of ['fr', 'ru', 'zh', 'ja', 'th', '']) await againstIntl(language(code, isQuick ? 1 : 10));
}
const file = `${date}${areKinds ? '-kinds' : ''}.md`;
if (!isQuick) writeFileSync(join(HERE, 'results', file), `${report.join('\n').trim()}\n`);
