/**
 * A whole process that counts its standard input by white space and writes all words, as the C programs do.
 */
import { readSync, writeSync } from 'node:fs';
import { type Engine, WordCounter } from '@org/wordfreq-core';

const counter = new WordCounter({ tokenizer: 'whitespace', engine: (process.argv[2] ?? 'auto') as Engine });
const buffer = new Uint8Array(256 * 1024);
for (;;) {
  const read = readSync(0, buffer);
  if (read === 0) break;
  counter.push(buffer.subarray(0, read));
}
const counts = counter.finish();
let lines = '';
for (const { word, count } of counts.top(counts.distinctWords)) {
  lines += `${word} ${count}\n`;
  if (lines.length < 65_536) continue;
  writeSync(1, lines);
  lines = '';
}
writeSync(1, lines);
