import { TOKENIZERS } from '@org/wordfreq-core';
import { type Command, defineCommand } from '../command-line/command.ts';
import { choice, flag, wholeNumber } from '../command-line/option.ts';
import { countTexts } from '../count/count-texts.ts';
import { REPORT_FORMATS } from '../count/format-report.ts';

/** `wordfreq count`. */
export const countCommand: Command = defineCommand({
  arguments: [
    {
      name: 'files',
      summary: 'files, folders or patterns; - or nothing for standard input',
      variadic: true,
      optional: true,
      completes: 'files',
    },
  ],
  options: {
    top: wholeNumber('number', 'how many words; 0 for all', { min: 0, max: 1_000_000_000, default: 10 }),
    tokenizer: choice('name', 'what counts as a word', TOKENIZERS),
    format: choice('name', 'how to print; --json is the same as json', REPORT_FORMATS),
    perFile: flag('each file by itself, instead of all together'),
  },
  examples: [
    { line: 'wordfreq count book.txt', summary: 'the ten most frequent words, as a table' },
    { line: 'wordfreq count --top 3 --json texts/', summary: 'a folder’s texts together, for a program' },
    {
      line: 'curl -s https://example.com | wordfreq count --format tsv --top 0 | head',
      summary: 'all words of standard input, most frequent first',
    },
  ],
  run: (args, options, context) =>
    countTexts(args, options.json ? { ...options, format: 'json' } : options, context),
});
