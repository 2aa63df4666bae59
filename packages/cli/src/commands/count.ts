import { type Command, defineCommand } from '../command-line/command.ts';
import { choice, flag, text, wholeNumber } from '../command-line/option.ts';
import { COUNTING_OPTIONS } from '../count/counting-options.ts';
import { loadCounting } from '../count/load-counting.ts';
import { REPORT_FORMATS } from '../count/report-formats.ts';

/** `wordfreq count`. */
export const countCommand: Command = defineCommand({
  description:
    'Text is UTF-8 (or UTF-16 with its mark); gzip and zstd are opened, whatever the name. Tables show control and bidirectional ' +
    'characters as code points; CSV makes words that a spreadsheet would take for formulas harmless. Several texts are counted ' +
    'together, but no word or run of words goes from one into the next.',
  arguments: [
    {
      name: 'files',
      summary:
        'files, folders, patterns, s3://bucket/key, s3://bucket/prefix/; - or nothing for standard input',
      variadic: true,
      optional: true,
      completes: 'files',
    },
  ],
  options: {
    top: wholeNumber('number', 'how many words; 0 for all', { min: 0, max: 1_000_000_000, default: 10 }),
    format: choice('name', 'how to print; --json is short for json', REPORT_FORMATS),
    perFile: flag('each file by itself, instead of all together'),
    output: text('file', 'write there, whole or not at all, instead of to standard output', {
      completes: 'files',
    }),
    ...COUNTING_OPTIONS,
  },
  examples: [
    { line: 'wordfreq count book.txt', summary: 'the ten most frequent words, as a table' },
    {
      line: 'wordfreq count --stop-words en --min-length 3 book.txt',
      summary: 'only words that say something',
    },
    { line: 'wordfreq count --top 3 --json texts/', summary: 'a folder’s texts together, for a program' },
    {
      line: 'wordfreq count --per-file --format csv texts/*.txt',
      summary: 'each file’s words, for a spreadsheet',
    },
    {
      line: 'cat book.txt | wordfreq count --format tsv --top 0 | head',
      summary: 'all words, most frequent first',
    },
    {
      line: 'wordfreq count --ngrams 2 s3://bucket/texts/',
      summary: 'pairs of words in all objects below a prefix',
    },
  ],
  async run(args, options, context) {
    const { countTexts } = await loadCounting();
    return countTexts(args, options.json ? { ...options, format: 'json' } : options, context);
  },
});
