import { type Command, defineCommand } from '../command-line/command.ts';
import { choice, wholeNumber } from '../command-line/option.ts';
import { COUNTING_OPTIONS } from '../count/counting-options.ts';

/** `wordfreq compare`. */
export const compareCommand: Command = defineCommand({
  description:
    'Words are ranked by the log-likelihood ratio G² (Dunning 1993; Rayson & Garside 2000): how sure it is that the texts use them ' +
    'differently. The log ratio (Hardie 2014) says how much: +1 is twice as often in the first text, −1 in the second.',
  arguments: [
    {
      name: 'a',
      summary: 'a file, folder, pattern, s3://bucket/key or s3://bucket/prefix/; - for standard input',
      completes: 'files',
    },
    { name: 'b', summary: 'what to compare it with', completes: 'files' },
  ],
  options: {
    top: wholeNumber('number', 'how many words; 0 for all', { min: 0, max: 1_000_000_000, default: 20 }),
    format: choice('name', 'how to print; --json is short for json', ['table', 'json', 'csv', 'tsv']),
    ...COUNTING_OPTIONS,
  },
  examples: [
    { line: 'wordfreq compare mine.txt theirs.txt', summary: 'the words by which they differ most' },
    { line: 'wordfreq compare --stop-words en old/ new/', summary: 'two folders, without words like “the”' },
    { line: 'wordfreq compare --json - book.txt < mine.txt', summary: 'standard input, for a program' },
  ],
  async run(args, options, context) {
    const { compareTexts } = await import('../count/compare-texts.ts');
    return compareTexts(args, options.json ? { ...options, format: 'json' } : options, context);
  },
});
