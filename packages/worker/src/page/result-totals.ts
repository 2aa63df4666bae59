/** All results, added up. */
export interface ResultTotals {
  readonly files: number;
  readonly failed: number;
  readonly bytes: number;
  readonly words: number;
  /** From the start of the first file to the end of the last one. */
  readonly seconds: number;
  /** How many files ended how, the most frequent outcome first. */
  readonly outcomes: readonly { readonly outcome: string; readonly files: number }[];
}
