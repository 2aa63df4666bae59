/**
 * Measures memory for each different word, and prints the rows of the README's table: `npm run
 * measure-memory`. Each measurement has a process of its own. Words are 2 to 8 letters and digits, 7.9 bytes
 * on average, or longer ones with the same endings.
 */
import { execFileSync } from 'node:child_process';
import { type Engine, WordCounter } from '@org/wordfreq-core';
import { distinctWordChunks } from '../test/distinct-words.ts';

const MILLION = 1_000_000;

interface Measured {
  readonly countingBytes: number;
  readonly peakBytes: number;
  readonly seconds: number;
  readonly wordBytes: number;
}

function measure(engine: Engine, words: number, prefix: string): Measured {
  const startBytes = process.memoryUsage().rss;
  const start = performance.now();
  const counter = new WordCounter({ engine, tokenizer: 'whitespace' });
  let totalBytes = 0;
  for (const chunk of distinctWordChunks(words, prefix)) {
    counter.push(chunk);
    totalBytes += chunk.length;
  }
  const countingBytes = process.memoryUsage().external;
  const counts = counter.finish();
  if (counts.distinctWords !== words || counts.totalWords !== words)
    throw new Error(`Expected ${words} words.`);
  return {
    countingBytes: countingBytes / words,
    peakBytes: (process.resourceUsage().maxRSS * 1024 - startBytes) / words,
    seconds: (performance.now() - start) / 1000,
    wordBytes: totalBytes / words - 1,
  };
}

const [engine, words, prefix] = process.argv.slice(2);
if (engine !== undefined) {
  process.stdout.write(JSON.stringify(measure(engine as Engine, Number(words), prefix ?? '')));
} else {
  process.stdout.write(
    '| different words | of bytes | engine | counting, bytes per word | with the result, process | seconds |\n|---|---|---|---|---|---|\n',
  );
  for (const [count, front] of [
    [MILLION, 'w'],
    [10 * MILLION, 'w'],
    [10 * MILLION, 'longer-word-'],
  ] as const) {
    for (const each of ['wasm', 'javascript']) {
      const args = [
        '--conditions=@org/source',
        '--max-semi-space-size=1',
        import.meta.filename,
        each,
        String(count),
        front,
      ];
      const measured = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
      const cells = [
        `${count / MILLION} million`,
        measured.wordBytes.toFixed(1),
        each,
        Math.round(measured.countingBytes),
        Math.round(measured.peakBytes),
        measured.seconds.toFixed(1),
      ];
      process.stdout.write(`| ${cells.join(' | ')} |\n`);
    }
  }
}
