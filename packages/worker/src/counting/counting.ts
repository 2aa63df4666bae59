import type { ResultWarning, WordCount } from '@org/wordfreq-aws-adapters/ports';
import type { CaseLocale, CjkUnit, Fold, Normalization, TextEncoding, Tokenizer } from '@org/wordfreq-core';

/** The result of counting one text. */
export interface CountSummary {
  /** The most frequent words, as many as were asked for. */
  readonly words: readonly WordCount[];
  readonly totals: {
    readonly bytes: number;
    readonly words: number;
    readonly distinctWords: number;
  };
  readonly warnings: readonly ResultWarning[];
  /** The encoding that the text was read in, and how it was found. */
  readonly encoding: TextEncoding | undefined;
}

/** What a word is. */
export interface WordRules {
  readonly tokenizer: Tokenizer;
  /** Default: none. */
  readonly normalize?: Normalization;
  /** Which words that look alike are one. Default: the tokenizer's. */
  readonly fold?: Fold;
  /** The language by which case is folded. Default: none. */
  readonly locale?: CaseLocale;
  /** What a word of Chinese and Japanese is. Default: a word of the dictionary. */
  readonly cjk?: CjkUnit;
  /** Whether words that hyphens divide at line ends are joined. Default: false. */
  readonly dehyphenate?: boolean;
}

/** How to count one text. */
export interface CountingTask extends WordRules {
  /** The text's encoding, if something declares it. Default: it is detected. */
  readonly encoding?: string;
  /** How many words the summary holds. */
  readonly top: number;
  /**
   * A text with more different words fails with `too-many-distinct-words`, because all are held in memory.
   * Default: the core's limit.
   */
  readonly maxDistinctWords?: number;
}

/** One text being counted. It ends with `finish` or `abandon`. */
export interface CountingSession {
  /** Counts the next bytes, and resolves when it can take more. The caller may reuse their memory at once. */
  push(chunk: Uint8Array): Promise<void>;
  finish(): Promise<CountSummary>;
  /** Forgets the text. Safe after `finish`, and safe to call again. */
  abandon(): void;
}

/** Counts texts, several at once, on this thread or on others. */
export interface Counting {
  open(task: CountingTask): CountingSession;
  /** The fingerprint of the rules by which such a task is counted. */
  fingerprint(rules: WordRules): string;
  /** Ends what `open` needs; texts still being counted fail. */
  close(): Promise<void>;
}
