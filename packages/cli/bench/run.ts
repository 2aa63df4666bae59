/**
 * `npm run bench -w packages/cli`: builds the package and takes it as users do, compares outputs first, then
 * measures whole processes in the same run, and writes a dated file into `results/`. `-- --full` takes the
 * 400 MB corpus, too; `-- --start-up` measures nothing else; `-- --quick` goes through all of it with two
 * megabytes and few rounds, to see that it works, and writes nothing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bible, type Corpus, language, zipf } from '../../core-wordfreq/bench/corpora.ts';
import { type Contestant, interleave } from '../../core-wordfreq/bench/measure.ts';
import { quoteForShell } from '../src/local/ready-file.ts';
import { lackOf, type Program, programs, requireSame, versionOf } from './contestants.ts';

const HERE = import.meta.dirname;
const MAIN = join(HERE, '../dist/main.js');
const isQuick = process.argv.includes('--quick');
/** The largest text takes some minutes a round. */
const roundsOf = ({ bytes }: Corpus): number => (isQuick || bytes > 100_000_000 ? 1 : 3);
const START_ROUNDS = isQuick ? 3 : 40;

const report: string[] = [];
function say(line: string): void {
  console.log(line);
  report.push(line);
}

/** A whole process, whose output is thrown away. */
function whole(name: string, command: string, args: readonly string[]): Contestant {
  return {
    name,
    run: () => {
      const from = performance.now();
      const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      if (status !== 0) throw new Error(`${name} ended with ${status}.`);
      return (performance.now() - from) / 1000;
    },
  };
}

async function measureCounting(
  corpus: Corpus,
  contestants: readonly Program[],
  wordfreq: string,
): Promise<void> {
  say(`## ${corpus.name}: ${corpus.note}, ${(corpus.bytes / 1e6).toFixed(1)} MB\n`);
  requireSame(contestants, corpus.path);
  say(`Outputs are the same: ${contestants.map(({ name }) => name).join('; ')}.\n`);
  const unicode = `${wordfreq} count --top 0 --format tsv "$1"`;
  const measured = await interleave(
    [
      ...contestants.map(({ name, line }) => whole(name, 'sh', ['-c', line, 'sh', corpus.path])),
      whole('wordfreq count (Unicode words)', 'sh', ['-c', unicode, 'sh', corpus.path]),
    ],
    roundsOf(corpus),
  );
  say('| whole process | best s | median s | MB/s | times as fast as wordfreq by white space |');
  say('|---|---|---|---|---|');
  for (const { name, best, median, ratio } of measured) {
    const speed = (corpus.bytes / median / 1e6).toFixed(0);
    say(
      `| ${name.replaceAll('|', '\\|')} | ${best.toFixed(2)} | ${median.toFixed(2)} | ${speed} | ${ratio.toFixed(2)} |`,
    );
  }
  say('');
}

async function measureStart(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wordfreq-bench-'));
  const small = join(folder, 'small.txt');
  writeFileSync(small, 'the cat the dog\n');
  const beyondAscii = join(folder, 'naïve.txt');
  writeFileSync(beyondAscii, 'déjà vu, naïve — Déjà-vu\n');
  const node = process.execPath;
  const measured = await interleave(
    [
      whole('node -e 0', node, ['-e', '0']),
      whole('wordfreq --version', node, [MAIN, '--version']),
      whole('wordfreq --help', node, [MAIN, '--help']),
      whole('wordfreq count small.txt', node, [MAIN, 'count', small]),
      whole('wordfreq count --tokenizer whitespace small.txt', node, [
        MAIN,
        'count',
        '--tokenizer',
        'whitespace',
        small,
      ]),
      whole('wordfreq count naïve.txt', node, [MAIN, 'count', beyondAscii]),
    ],
    START_ROUNDS,
  );
  rmSync(folder, { recursive: true });
  say(`## Start-up: ${START_ROUNDS} rounds\n`);
  say(
    '| whole process | best ms | median ms | times as long as node -e 0: best by best | median of ratios within a round |',
  );
  say('|---|---|---|---|---|');
  const first = measured[0]?.best ?? 0;
  for (const { name, best, median, ratio } of measured) {
    const cells = [
      (best * 1000).toFixed(1),
      (median * 1000).toFixed(1),
      (best / first).toFixed(2),
      (1 / ratio).toFixed(2),
    ];
    say(`| ${name} | ${cells.join(' | ')} |`);
  }
  say('');
}

const wordfreq = [process.execPath, MAIN].map(quoteForShell).join(' ');
const contestants = programs(wordfreq).filter((program) => {
  const lack = lackOf(program);
  if (lack !== undefined) say(`Without ${program.name}: ${lack} is not installed.\n`);
  return lack === undefined;
});
const date = new Date().toISOString().slice(0, 10);
const load = loadavg().map((value) => value.toFixed(1));
say(`# ${date}\n`);
say(
  `Node ${process.version}, ${cpus()[0]?.model} × ${cpus().length}, load ${load.join(', ')} at the start. 3 rounds in turn after one that warms up (1 with more than 100 MB), in ` +
    'reversed order every other round; ratios are medians of the ratios within each round.\n',
);
for (const program of contestants) say(`- ${program.name}: ${versionOf(program)}`);
say('');
await measureStart();
if (isQuick) await measureCounting(language('en', 2), contestants, wordfreq);
else if (!process.argv.includes('--start-up')) {
  await measureCounting(bible(), contestants, wordfreq);
  await measureCounting(zipf(40), contestants, wordfreq);
  if (process.argv.includes('--full')) await measureCounting(zipf(400), contestants, wordfreq);
  writeFileSync(join(HERE, 'results', `${date}.md`), `${report.join('\n').trim()}\n`);
}
