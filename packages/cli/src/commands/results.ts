import { bucketOption, resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { choice, flag, text, wholeNumber } from '../command-line/option.ts';

/** How results are printed. */
const FORMATS = ['table', 'json', 'ndjson', 'csv'] as const;

/** `wordfreq results`. */
export const resultsCommand: Command = defineCommand({
  description:
    'Of a key: its newest result with its words. Without a key: the newest results of all; for that the whole table is read.',
  arguments: [{ name: 'key', summary: 'a key, or s3://bucket/key', optional: true }],
  options: {
    bucket: bucketOption('processingBucket'),
    history: flag('every version of the key, not only the newest'),
    limit: wholeNumber('number', 'how many results without a key', { min: 1, max: 100_000, default: 20 }),
    prefix: text('text', 'only keys that begin so'),
    outcome: text('outcome', 'only results with this outcome, or its beginning, such as failed'),
    top: wholeNumber('number', 'how many words of each; 0 for all that are kept', {
      min: 0,
      max: 10_000,
      default: 10,
    }),
    format: choice('name', 'how to print; --json is the same as json', FORMATS),
    ...resourceOptions('resultsTable'),
  },
  examples: [
    { line: 'wordfreq results', summary: 'the twenty newest results' },
    {
      line: 'wordfreq results book.txt --top 0 --format csv',
      summary: 'all words of a file, for a spreadsheet',
    },
    { line: 'wordfreq results --outcome failed --json', summary: 'what failed lately, for a program' },
  ],
  failure: 'the key has no result',
  async run([key], options, context) {
    const { runResults } = await import('../cloud/run-results.ts');
    return runResults(key, options.json ? { ...options, format: 'json' } : options, context);
  },
});
