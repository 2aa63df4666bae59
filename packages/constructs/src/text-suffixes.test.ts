import * as rules from '@org/wordfreq-aws-adapters/rules';
import { describe, expect, it } from 'vitest';
import { textSuffixes } from './text-suffixes.ts';

describe(textSuffixes, () => {
  it.each(['.txt', '', '.gz', '.txt.gz', 't', 'log', '.TXT'])(
    'are those of the applications for %j',
    (suffix) => {
      expect(textSuffixes(suffix)).toEqual(rules.textSuffixes(suffix));
    },
  );
});
