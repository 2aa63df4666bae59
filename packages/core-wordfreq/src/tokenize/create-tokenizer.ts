import type { Tokenizer } from '../options.ts';
import type { ByteTokenizer, TokenizerContext } from './byte-tokenizer.ts';
import { GoSampleTokenizer } from './go-sample-tokenizer.ts';
import { UnicodeTokenizer } from './unicode-tokenizer.ts';
import { WhitespaceTokenizer } from './whitespace-tokenizer.ts';

/** Makes the tokenizer that an option names. */
export function createTokenizer(tokenizer: Tokenizer, context: TokenizerContext): ByteTokenizer {
  switch (tokenizer) {
    case 'unicode':
      return new UnicodeTokenizer(context);
    case 'whitespace':
      return new WhitespaceTokenizer(context);
    case 'aws-go-wordfreq-sample':
      return new GoSampleTokenizer(context);
  }
}
