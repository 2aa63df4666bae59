import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a run with why tests were skipped, and one plain line for machines that read logs:
 * `tests: N passed, N failed, N skipped`.
 */
export default class PlainSummaryReporter implements Reporter {
  #byName = false;

  onInit({ config }: Vitest): void {
    this.#byName = config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const passed = tests.filter((test) => test.result().state === 'passed');
    // A file that fails to load has no tests of its own: it counts as one failure.
    const broken = modules.filter((module) => module.state() === 'failed' && module.errors().length > 0);
    const failed = tests.length - passed.length - skipped.length + broken.length;
    const lines = [
      // With "-t" all tests of other names count as skipped.
      ...(this.#byName ? [] : skipReasons(skipped)),
      `tests: ${passed.length} passed, ${failed} failed, ${skipped.length} skipped`,
    ];
    // Printed after the default reporter's own closing lines.
    setImmediate(() => process.stdout.write(`\n${lines.join('\n')}\n`));
  }
}

/**
 * Titles of tests and suites that may be skipped say why: "… — skipped: no browser", "… (it needs a user who
 * is not root)".
 */
const REASON = /\bskipped: ([^)>]+)|\b(needs [^)>]+)/;

/** One line per reason, with how many tests it kept from running. */
function skipReasons(skipped: readonly TestCase[]): string[] {
  const counts = new Map<string, number>();
  for (const test of skipped) {
    const result = test.result();
    const note = result.state === 'skipped' ? result.note : undefined;
    const reason =
      note ?? REASON.exec(test.fullName)?.slice(1).join('').trim() ?? `without a reason: ${test.fullName}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count}: ${reason}`);
}
