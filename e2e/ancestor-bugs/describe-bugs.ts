import type { AncestorBug } from './ancestor-bug.ts';

/** The table for people, in Markdown; README.md is what this says. */
export function describeBugs(bugs: readonly AncestorBug[]): string {
  const rows = bugs.map(({ number, kind, bug, instead, reintroductions }) => {
    const files = [...new Set(reintroductions.map(({ file }) => file))].map(linkTo).join(', ');
    const tests = reintroductions.map(({ test }) => `${linkTo(test.file)}: ${test.name}`).join('<br>');
    return `| ${number} | ${kind} | ${bug} | ${instead} ${files} | ${tests} |`;
  });
  return `# The ancestor's bugs, and the tests that keep them out

This project descends from [aws-samples/aws-go-wordfreq-sample](https://github.com/aws-samples/aws-go-wordfreq-sample). We keep what
it does and none of the bugs that reading it showed. For each, this table names what we do instead, and the test that fails when the
bug comes back. That is not only said: \`ancestor-bugs.test.ts\` puts each bug into our sources (one source at a time, while it is loaded,
never on disk), and demands that the named test fails, and passes without the bug.

The table is generated from the sources beside it ([bugs.ts](bugs.ts)): \`npx vitest run --project e2e ancestor-bugs -u\` writes it anew.

| # | kind | the ancestor | instead | test that fails when it is reintroduced |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function linkTo(file: string): string {
  return `[${file.split('/').at(-1)}](../../${file})`;
}
