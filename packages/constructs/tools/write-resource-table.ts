/** Writes docs/resources.md from tools/resources.ts: `npm run docs`. A test compares, and tries each row. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FIXED, REPLACEABLE } from './resources.ts';

const TARGET: string = resolve(import.meta.dirname, '../docs/resources.md');

/** The text of the page. */
export function resourceTable(): string {
  const replaceable = rows(REPLACEABLE, ([what, , by, as]) => `${what} | \`${by}\` | \`${as}\``);
  const fixed = rows(FIXED, ([what, , as, why]) => `${what} | \`${as}\` | ${why}`);
  return `# Resources: take yours, or get ours

Written by \`npm run docs\` from the list that a test tries: with an existing resource a construct makes none of its own, uses the one that
was given, and gives out just that. \`WordFreqPipeline\` takes the properties of its parts under \`upload\`, \`jobs\`, \`worker\`, \`results\`,
\`backup\`, \`network\` and \`page\`, and \`roles\` for all of them; it gives the parts out as \`upload\`, \`jobs\`, \`workers\`, \`results\`, \`backup\`,
\`workers.network\` and \`page\`.

| construct | resource | an existing one by | given out as |
|---|---|---|---|
${replaceable}

Buckets, queues, topics, tables and keys that are only used (\`destination\`, \`bucket\`, \`queue\`, \`table\`, \`spillBucket\`, \`encryptionKey\`, the
image's repository) are always existing ones. \`notifications\` takes the \`NativeBucketNotifications\` of a bucket that announces other things, too.

What cannot be given, and why:

| construct | resource | given out as | why |
|---|---|---|---|
${fixed}

Policies of buckets, queues and topics, subscriptions, permissions, metric filters and rules of security groups tie two of these: they go
with them. What a resource of another app must allow itself is said at its property in [properties.md](properties.md).
`;
}

function rows<T>(lists: Readonly<Record<string, readonly T[]>>, text: (row: T) => string): string {
  return Object.entries(lists)
    .flatMap(([construct, list]) => list.map((row) => `| \`${construct}\` | ${text(row)} |`))
    .join('\n');
}

if (process.argv[1] === import.meta.filename) writeFileSync(TARGET, resourceTable());
