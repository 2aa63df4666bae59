import { STOP_WORD_LISTS, spellingsOf, stopWordsIn } from '@org/wordfreq-aws-adapters/rules';
import { countWords } from '@org/wordfreq-core';

/**
 * The stop words of a language, spelled as counted words are: each stays whole, but case is folded. The lists
 * are loaded when somebody asks for one.
 */
export async function stopWordsOf(language: string): Promise<readonly string[] | undefined> {
  if (!STOP_WORD_LISTS.has(language)) return undefined;
  const list = stopWordsIn(language, await import('stopword')) ?? [];
  const counts = await countWords(list.join('\n'), { tokenizer: 'whitespace' });
  return [...new Set([...counts].flatMap(([word]) => spellingsOf(word)))];
}
