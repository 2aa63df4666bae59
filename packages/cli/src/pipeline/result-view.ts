import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import {
  type EncodingProblem,
  encodingProblem,
  escapeText,
  isEncodingWarning,
  isFailure,
  type OutcomeHelp,
  outcomeHelp,
  packCost,
  type ReadText,
  reasonHelp,
  type ResultView as SharedView,
  resultView as sharedView,
} from '@org/wordfreq-aws-adapters/rules';
import {
  fitText,
  formatBytes,
  formatCount,
  formatSeconds,
  formatUsd,
  formatWarning,
  padText,
  wrapItems,
} from '../terminal/format.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A result as commands print it as JSON; the names are public contract. */
export interface ResultView extends SharedView, CommandHelp {}

/** Describes a result, with its `top` most frequent words; 0 for all that are kept. */
export function resultView(result: StoredResult, top: number): ResultView {
  const problem = encodingProblemOf(result);
  return {
    ...sharedView(result, top === 0 ? undefined : top),
    ...(problem === undefined ? {} : { encodingProblem: problem }),
    ...helpOfOutcome(result.outcome),
  };
}

/** Prints what happened to a file in one line and, below it, its words, or why it failed and what to do. */
export function printResultView(view: ResultView, terminal: Terminal): void {
  terminal.line(resultViewLine(view, terminal));
  const room = terminal.columns - 4;
  const words = view.top.map(({ word, count }) => `${escapeText(word)} ${formatCount(count)}`);
  const lines =
    view.top.length > 0
      ? wrapItems(words, room)
      : [...new Set([reasonOf(view), hintOf(view)])].flatMap((text) =>
          text === undefined ? [] : wrapText(text, room),
        );
  for (const line of lines) terminal.line(`    ${terminal.faint(line)}`);
  const problem = view.encodingProblem;
  const doubts = problem === undefined ? [] : wrapText(`${problem.message} ${problem.hint}`, room);
  for (const line of doubts) terminal.line(`    ${terminal.doubtful(line)}`);
  for (const line of wrapItems(otherWarnings(view).map(formatWarning), room))
    terminal.line(`    ${terminal.faint(line)}`);
}

/**
 * One line: a file and its outcome; on narrow screens with fewer facts, so that there is room for the name.
 */
export function resultViewLine(view: ResultView, terminal: Terminal): string {
  const mark = isFailure(view.outcome)
    ? terminal.bad('✗')
    : view.encodingProblem === undefined
      ? terminal.good('✔')
      : terminal.doubtful('!');
  const words = `counted  ${formatCount(view.words).padStart(9)} ${view.words === 1 ? 'word ' : 'words'}`;
  const size = `${formatBytes(view.bytes).padStart(8)} ${formatSeconds(view.durationMs).padStart(7)}`;
  const [room, facts] = terminal.columns >= WITH_SIZE ? [42, `${words} ${size}`] : [24, words];
  const isNarrow = terminal.columns < WITH_WORDS;
  const factsRoom = isNarrow ? 15 : room;
  const shown = view.outcome === 'counted' && !isNarrow ? facts : escapeText(view.outcome);
  const key = padText(escapeText(view.key), Math.min(48, terminal.columns - factsRoom - 4));
  return `${mark} ${key}  ${fitText(shown, factsRoom)}`;
}

/** From how many columns there is room for the size of a text, and for its words. */
const WITH_SIZE = 70;
const WITH_WORDS = 50;

/** What a result cost, in one line. */
export function costText(cost: ResultView['cost']): string {
  return cost === undefined ? 'its cost was not measured' : `about ${formatUsd(cost.usd)}: ${packCost(cost)}`;
}

/** Why there are no words. */
function reasonOf({ error, missingWords, meaning }: ResultView): string {
  return error?.message ?? missingWords ?? meaning;
}

/** What to do, unless the error already says it. */
function hintOf({ outcome, hint, error }: ResultView): string | undefined {
  return error !== undefined && isOwnFault(outcome) ? undefined : hint;
}

/** Whether the object itself is the cause of a failure, whose error then says precisely what to do. */
function isOwnFault(outcome: string): boolean {
  return outcomeHelp(outcome).remedy === 'upload-corrected';
}

/** What else was noticed about a text that was counted, besides the problem with its encoding. */
export function otherWarnings({ error, warnings }: Partial<ResultView>): ResultView['warnings'] {
  // What is unusual about bytes that are not text is in the error.
  if (error !== undefined || warnings === undefined) return [];
  return warnings.filter((warning) => !isEncodingWarning(warning));
}

const CONVERSION = {
  convert: 'upload it again: wordfreq upload <file> --overwrite --encoding {encoding}',
  unknown: '<its encoding>',
};

/** As in every view, but with the command that converts a file. */
export function encodingProblemOf(text: ReadText): EncodingProblem | undefined {
  return encodingProblem(text, CONVERSION, formatCount);
}

/** Breaks a text from outside between its words. */
export function wrapText(text: string, columns: number): readonly string[] {
  return wrapItems(escapeText(text).split(' '), columns, ' ');
}

/** The help of a code, as commands show it. */
export type CommandHelp = Omit<OutcomeHelp, 'remedy'>;

const COMMANDS = {
  sendBack: 'then send it back: wordfreq dlq redrive',
  deletion: 'wordfreq dlq purge removes it',
};

/** Explains an outcome to somebody in a terminal. */
export function helpOfOutcome(outcome: string): CommandHelp {
  return forCommands(outcomeHelp(outcome, COMMANDS));
}

/** Explains a result by its own facts where they are more precise than its outcome. */
export function helpOfResult(
  outcome: string,
  { error, ...text }: Partial<Pick<ResultView, 'error' | 'warnings' | 'encoding'>>,
): CommandHelp {
  const problem = encodingProblemOf({ warnings: [], ...text });
  if (problem !== undefined) return { meaning: problem.message, hint: problem.hint };
  if (error !== undefined && isOwnFault(outcome)) return { meaning: error.message };
  return helpOfOutcome(outcome);
}

/** Explains the reason code of a dead letter to somebody in a terminal. */
export function helpOfReason(code: string): CommandHelp {
  return forCommands(reasonHelp(code, COMMANDS));
}

function forCommands({ remedy: _, ...help }: OutcomeHelp): CommandHelp {
  return help;
}
