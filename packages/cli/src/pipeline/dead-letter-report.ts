import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { formatBytes } from '../terminal/format.ts';
import { textTable } from '../terminal/layout.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { DeadLetterView, FoundLetter } from './dead-letters.ts';
import { wrapText } from './result-view.ts';
import type { RedriveEnd } from './wait-for-redrive.ts';

/** Enough of an id to tell letters apart. */
const SHORT_ID = 8;
/** A body may have a megabyte. */
const MAX_BODY_CHARACTERS = 4000;

/** Dead letters as a table, and below it what each reason means and what to do. */
export function letterTable(letters: readonly FoundLetter[], terminal: Terminal): readonly string[] {
  if (letters.length === 0) return ['No dead letters.'];
  const views = letters.map(({ view }) => view);
  const table = textTable(
    [
      { title: 'ID' },
      { title: 'SINCE', leaves: 2 },
      { title: 'REASON', flexible: true },
      { title: 'KEY', flexible: true },
      { title: 'QUEUE', leaves: 1 },
    ],
    views.map(({ id, at = '', code, key = '', queue }) => [
      id.slice(0, SHORT_ID),
      at === '' ? '' : `${at.slice(0, 19).replace('T', ' ')}Z`,
      code,
      key,
      queue,
    ]),
    terminal.columns,
  );
  return [...table, '', ...reasonLines(views, terminal)];
}

function reasonLines(views: readonly DeadLetterView[], terminal: Terminal): readonly string[] {
  const byCode = new Map(views.map((view) => [view.code, view]));
  return [...byCode.values()].flatMap(({ code, meaning, hint }) =>
    wrapText(`${code}: ${meaning} ${hint ?? ''}`.trimEnd(), terminal.columns - 2).map((line, index) =>
      terminal.faint(index === 0 ? line : `  ${line}`),
    ),
  );
}

/** A dead letter with its whole message, for programs; the names are public contract. */
export function letterJson({ view, letter }: FoundLetter): DeadLetterView & {
  readonly facts: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const { message, reason } = letter;
  return { ...view, facts: Object.fromEntries(reason?.facts ?? []), body: message.body };
}

/** A dead letter with its whole message, for people. */
export function letterLines({ view, letter }: FoundLetter, terminal: Terminal): readonly string[] {
  const { message, reason } = letter;
  const rows: [string, string | undefined][] = [
    ['Id', view.id],
    ['Queue', view.queue],
    ['Reason', view.code],
    ['Detail', view.detail],
    ['Meaning', view.meaning],
    ['What to do', view.hint],
    ['Bucket', view.bucket],
    ['Key', view.key],
    ['Version', view.version],
    ['Given up', view.at],
    ['Sent', message.sentAt?.toISOString()],
    ['Receives', `${view.receiveCount} here, this one included`],
    ...[...(reason?.facts ?? [])]
      .filter(([name]) => !['bucket', 'key'].includes(name))
      .map(([name, value]): [string, string] => [name, value]),
    ['Body', formatBytes(view.bodyBytes)],
  ];
  const indent = 2 + Math.max(...rows.map(([name]) => name.length));
  const lines = rows.flatMap(([name, value]) => {
    if (value === undefined || value === '') return [];
    const wrapped = wrapText(value, terminal.columns - indent);
    return wrapped.map((line, index) => `${(index === 0 ? escapeText(name) : '').padEnd(indent)}${line}`);
  });
  const { body } = message;
  const shown = body.length > MAX_BODY_CHARACTERS ? `${body.slice(0, MAX_BODY_CHARACTERS)}…` : body;
  return [...lines, ...shown.split('\n').map((line) => `  ${escapeText(line)}`)];
}

/** How letters ended that were sent back, for people. */
export function* redriveEndLines(ends: readonly RedriveEnd[], terminal: Terminal): Iterable<string> {
  for (const { id, key = id, state, outcome, code, detail } of ends) {
    const mark = state === 'done' ? terminal.good('✔') : terminal.bad(state === 'pending' ? '…' : '✗');
    const what =
      state === 'failed-again' ? `failed again, ${code}: ${detail}` : (outcome ?? 'no outcome yet');
    const [first = '', ...more] = wrapText(`${escapeText(key)}  ${what}`, terminal.columns - 4);
    yield `${mark} ${first}`;
    for (const line of more) yield `    ${line}`;
  }
}
