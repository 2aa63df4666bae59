/**
 * Counts one file again and again, once for each line on its input, and answers with seconds: from the first
 * byte of the file, which is in memory, to the ten most frequent words. `unicode-dictionary` takes dictionaries;
 * `intl` counts by `Intl.Segmenter` into a Map, as one would without this package.
 */
import { readFileSync } from 'node:fs';
import { cjkDictionary } from '@org/wordfreq-core/cjk';
import { countFile, type Engine, type Tokenizer, WordCounter } from '@org/wordfreq-core/node';
import { thaiDictionary } from '@org/wordfreq-core/southeast-asia';

const [path = '', tokenizer = 'unicode', engine = 'auto', threads = '1'] = process.argv.slice(2);
const PIECE = 64 * 1024;
const bytes = threads === '1' ? readFileSync(path) : new Uint8Array();

async function count(): Promise<unknown> {
  if (tokenizer === 'intl') return countByIntl(new TextDecoder().decode(bytes));
  const options = {
    tokenizer: tokenizer.replace('-dictionary', '') as Tokenizer,
    engine: engine as Engine,
    dictionary: tokenizer.endsWith('-dictionary') ? [cjkDictionary, thaiDictionary] : [],
  };
  if (threads !== '1') return (await countFile(path, { ...options, threads: Number(threads) })).top(10);
  const counter = new WordCounter(options);
  for (let at = 0; at < bytes.length; at += PIECE) counter.push(bytes.subarray(at, at + PIECE));
  return counter.finish().top(10);
}

function countByIntl(text: string): unknown {
  const counts = new Map<string, number>();
  for (const { segment, isWordLike } of new Intl.Segmenter('und', { granularity: 'word' }).segment(text)) {
    if (!isWordLike) continue;
    const word = segment.toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 10);
}

process.stdin.on('data', async () => {
  const from = performance.now();
  await count();
  process.stdout.write(`${(performance.now() - from) / 1000}\n`);
});
