import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** What became of one test in one project. */
export interface TestOutcome {
  readonly project: string;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending';
}

/** Writes the outcomes of all tests to the file that `OUTCOMES_FILE` names. */
export default class OutcomesReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const outcomes = modules.flatMap((module) =>
      [...module.children.allTests()].map((test): TestOutcome => {
        return { project: module.project.name, name: test.fullName, state: test.result().state };
      }),
    );
    writeFileSync(process.env['OUTCOMES_FILE'] ?? '', JSON.stringify(outcomes));
  }
}
