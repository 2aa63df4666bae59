import { STOP_WORD_LISTS, spellingsOf } from '@org/wordfreq-aws-adapters/rules';
import { countWords } from '@org/wordfreq-core';

/**
 * The stop words of a language, spelled as counted words are: each stays whole, but case is folded. The lists
 * are loaded when somebody asks for one.
 */
export async function stopWordsOf(language: string): Promise<readonly string[] | undefined> {
  const name = STOP_WORD_LISTS.get(language);
  if (name === undefined) return undefined;
  const lists: Readonly<Record<string, unknown>> = await import('stopword');
  const counts = await countWords((lists[name] as readonly string[]).join('\n'), {
    tokenizer: 'whitespace',
  });
  return [...new Set([...counts].flatMap(([word]) => spellingsOf(word)))];
}
