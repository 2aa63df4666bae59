import type { CostView } from '@org/wordfreq-aws-adapters/rules';

/** All results, added up. */
export interface ResultTotals {
  /** Files that have ended. */
  readonly files: number;
  /** Those that failed. */
  readonly failed: number;
  /** The bytes of all texts. */
  readonly bytes: number;
  /** The words of all texts. */
  readonly words: number;
  /** What they cost their workers, of those whose cost was counted; null if none was. */
  readonly cost: CostView | null;
  /** From the start of the first file to the end of the last one. */
  readonly seconds: number;
  /** Null while there is none. */
  readonly firstStartAt: string | null;
  /** When the last file ended, in ISO 8601; null if none has. */
  readonly lastEndAt: string | null;
  /** How many files ended how, the most frequent outcome first. */
  readonly outcomes: readonly { readonly outcome: string; readonly files: number }[];
}
