import { padText, wrapItems } from '../render/fit-text.ts';
import { formatBytes, formatCount, formatSeconds } from '../render/format-number.ts';
import { harmlessText } from '../render/harmless-text.ts';
import type { Terminal } from '../render/terminal.ts';
import type { ResultView } from './result-view.ts';

/** Prints what became of a file in one line and, below it, its words, or why it failed and what to do. */
export function printResultView(view: ResultView, terminal: Terminal): void {
  terminal.line(resultViewLine(view, terminal));
  const room = terminal.columns - 4;
  const words = view.top.map(({ word, count }) => `${harmlessText(word)} ${formatCount(count)}`);
  const lines =
    view.top.length > 0
      ? wrapItems(words, room)
      : [view.error?.message ?? view.meaning, cureOf(view)].flatMap((text) =>
          text === undefined ? [] : wrapText(text, room),
        );
  for (const line of lines) terminal.line(`    ${terminal.faint(line)}`);
}

/** One line: a file and its outcome. */
export function resultViewLine(view: ResultView, terminal: Terminal): string {
  const failed = view.outcome.startsWith('failed:');
  const mark = failed ? terminal.bad('✗') : terminal.good('✔');
  const facts =
    view.outcome === 'counted'
      ? `counted  ${formatCount(view.words).padStart(9)} words ${formatBytes(view.bytes).padStart(8)} ${formatSeconds(view.durationMs).padStart(7)}`
      : harmlessText(view.outcome);
  const room = Math.min(48, terminal.columns - 46);
  return `${mark} ${padText(harmlessText(view.key), room)}  ${facts}`;
}

/** What to do, unless the message says it already. */
function cureOf({ cure, error }: ResultView): string | undefined {
  const begin = cure?.slice(0, 15) ?? '';
  return error?.message.includes(begin) === true ? undefined : cure;
}

/** Breaks a text from outside between its words. */
export function wrapText(text: string, columns: number): readonly string[] {
  return wrapItems(harmlessText(text).split(' '), columns, ' ');
}
