import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { judgesProgram, missingForPythonJudges } from '../support/python.ts';
import { type JudgedTemplate, synthesizeAll } from '../support/templates.ts';
import { ANSWERS } from './answers.ts';

/** What cfn-lint says of one place in one template. */
interface Finding {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] };
}

/** One process for all files: starting it takes as long as checking several templates. */
async function lint(files: readonly string[]): Promise<Finding[]> {
  const { stdout } = await promisify(execFile)(
    judgesProgram('cfn-lint'),
    ['--format', 'json', '--non-zero-exit-code', 'none', '--regions', 'eu-central-1', '--', ...files],
    { maxBuffer: 1e9 },
  );
  return JSON.parse(stdout);
}

/**
 * Leaves out each template whose resources are all in earlier ones, word for word: cfn-lint takes a second
 * for each template.
 */
function withSomethingNew(templates: readonly JudgedTemplate[]): JudgedTemplate[] {
  const seen = new Set<string>();
  return templates.filter(({ body }) => {
    const before = seen.size;
    for (const entry of Object.entries(body.Resources)) seen.add(JSON.stringify(entry));
    return seen.size > before;
  });
}

const missing = missingForPythonJudges();

describe.skipIf(missing !== '')(`cfn-lint${missing}`, () => {
  it('has no finding in any template but those that are answered, and every answer is needed', async () => {
    const { templates, remove } = synthesizeAll();
    try {
      const judged = withSomethingNew(templates);
      const nameOf = new Map(judged.map(({ file, name }) => [file, name]));
      const unused = new Set(ANSWERS);
      const open = (await lint([...nameOf.keys()])).flatMap(({ Filename, Message, Rule, Location }) => {
        const path = Location.Path.join('/');
        const answer = ANSWERS.find(
          (each) => each.rule === Rule.Id && each.message.test(Message) && each.path.test(path),
        );
        if (answer === undefined) return [`${nameOf.get(Filename)}: ${Rule.Id} ${Message} (${path})`];
        unused.delete(answer);
        return [];
      });
      expect(open).toEqual([]);
      expect([...unused]).toEqual([]);
    } finally {
      remove();
    }
  }, 600_000);

  it('sees a property that CloudFormation does not know', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wordfreq-cfn-lint-'));
    try {
      const file = join(folder, 'broken.template.json');
      const Queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeoutSeconds: 60 } };
      writeFileSync(file, JSON.stringify({ Resources: { Queue } }));
      expect((await lint([file])).map(({ Rule }) => Rule.Id)).toEqual(['E3002']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
