/** Writes `src/tokenize/generated/go-lower-case.ts`. Not a part of `npm run generate`, because it needs Go. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGoLowerCase } from './read-go-lower-case.ts';

const go = readGoLowerCase();
if (go === undefined) throw new Error('Expected Go in PATH or /usr/local/go. Install it.');

/** First and last code point, the step between them, and what is added to each. */
const ranges: [first: number, last: number, step: number, added: number][] = [];
for (const [point, lower] of go.lower) {
  const range = ranges.at(-1);
  const step = point - (range?.[1] ?? 0);
  const isNext = range?.[0] === range?.[1] ? step <= 2 : step === range?.[2];
  if (range?.[3] === lower - point && isNext) {
    range[1] = point;
    range[2] = step;
  } else ranges.push([point, point, 1, lower - point]);
}

const file = join(import.meta.dirname, '../src/tokenize/generated/go-lower-case.ts');
writeFileSync(
  file,
  `// Written by tools/write-go-lower-case.ts.

/** The version of Unicode of Go's tables. */
export const GO_UNICODE_VERSION = '${go.unicode}';

/** Go's \`unicode.ToLower\`: first and last code point, the step between them, and what is added to each. */
export const GO_LOWER_CASE: readonly (readonly [first: number, last: number, step: number, added: number])[] =
  ${JSON.stringify(ranges)};
`,
);
