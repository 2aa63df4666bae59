/** The version of the rules of `join-line-ends.ts`; fingerprints include it, so that counts by other rules are never mixed. */
export const LINE_END_VERSION = 1;
