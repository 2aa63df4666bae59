import type { AncestorBug } from './ancestor-bug.ts';
import { COUNTING } from './counting.ts';
import { LEASES } from './leases.ts';
import { LOSS } from './loss.ts';
import { OPERATION } from './operation.ts';
import { SHUTDOWN } from './shutdown.ts';
import { WRONG_WORK } from './wrong-work.ts';

/**
 * The bugs of the Go program that this project descends from (aws-samples/aws-go-wordfreq-sample), what we do instead, and the test that
 * fails when one of them comes back. `ancestor-bugs.test.ts` puts each of them into our sources, one at a time, and sees the test fail.
 */
export const ANCESTOR_BUGS: readonly AncestorBug[] = [
  ...LOSS,
  ...WRONG_WORK,
  ...LEASES,
  ...SHUTDOWN,
  ...COUNTING,
  ...OPERATION,
];
