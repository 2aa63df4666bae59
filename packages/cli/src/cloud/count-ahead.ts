/** A number that is being found out. */
export interface CountAhead {
  /** How many there are, once that is known. */
  total(): number | undefined;
}

/**
 * Counts what a listing has while something else works through it, so that its end can be foretold: a listing has a thousand entries in
 * one answer. A failure leaves the number unknown; whoever does the work will meet it, too.
 */
export function countAhead(listing: AsyncIterable<unknown>): CountAhead {
  let total: number | undefined;
  const count = async (): Promise<void> => {
    let found = 0;
    for await (const _ of listing) found += 1;
    total = found;
  };
  count().catch(() => undefined);
  return { total: () => total };
}
