/**
 * How the program ends; documented in the README and the manual page, and frozen by a test.
 *
 * | code | meaning |
 * |---|---|
 * | 0 | done |
 * | 1 | something was asked for that did not come to pass, such as a file without a result |
 * | 2 | the command line was wrong |
 * | 3 | the surroundings do not allow it: a missing file, a busy port, no permission, no network |
 * | 70 | a fault in the program itself; please report it |
 * | 130, 143 | ended by Ctrl-C (SIGINT) or by SIGTERM, as a shell reports it |
 */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  environment: 3,
  fault: 70,
  interrupted: 130,
  terminated: 143,
} as const;
