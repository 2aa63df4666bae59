import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Runs first what starts programs, browsers and servers, or does much: all test files but those beside a
 * source. Many of those wait more than they work, and the short ones fill the time of the other workers to
 * the end.
 */
export class ProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = await super.sort(files);
    const isShort = ({ moduleId }: TestSpecification): boolean => /\/packages\/[^/]+\/src\//.test(moduleId);
    return [...byProject.filter((file) => !isShort(file)), ...byProject.filter(isShort)];
  }
}
