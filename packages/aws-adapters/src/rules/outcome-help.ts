import {
  type HelpEntry,
  JOB_FAILURES,
  MESSAGE_PROBLEMS,
  OTHER_OUTCOMES,
  PORT_FAILURES,
  type Remedy,
} from './help-entries.ts';

/** What a code means for a person, and what to do about it. */
export interface OutcomeHelp {
  /** One sentence. */
  readonly meaning: string;
  /** One sentence; absent where nothing needs to be done. */
  readonly hint?: string;
  /**
   * Whether sending the same message back can help. It cannot where the bytes of the object, or the message
   * itself, are what is wrong.
   */
  readonly remedy: Remedy;
}

/** How a view tells users to send a message back or to delete it. */
export interface HelpWords {
  /** Follows a comma. Default: `then send it back`. */
  readonly sendBack?: string;
  /** Follows a semicolon. Default: `delete it`. */
  readonly deletion?: string;
}

const FAILURES: Readonly<Record<string, HelpEntry>> = { ...JOB_FAILURES, ...PORT_FAILURES };

/** Every outcome that a result may have. */
export const OUTCOMES: readonly string[] = [
  ...Object.keys(OTHER_OUTCOMES),
  ...Object.keys(FAILURES).map((code) => `failed:${code}`),
];

/** Every reason that a dead letter may have. */
export const REASONS: readonly string[] = [...Object.keys(FAILURES), ...Object.keys(MESSAGE_PROBLEMS)];

/**
 * Explains an outcome (`counted`, `failed:not-text`, …).
 *
 * @example
 * outcomeHelp('failed:not-text').remedy; // 'upload-corrected'
 */
export function outcomeHelp(outcome: string, words?: HelpWords): OutcomeHelp {
  if (outcome.startsWith('failed:')) return reasonHelp(outcome.slice('failed:'.length), words);
  return filledIn(own(OTHER_OUTCOMES, outcome), 'nothing', words) ?? unknownCode(outcome);
}

/** Explains the reason code of a dead letter. */
export function reasonHelp(code: string, words?: HelpWords): OutcomeHelp {
  const help = own(FAILURES, code) ?? own(MESSAGE_PROBLEMS, code);
  return filledIn(help, 'fix-and-send-back', words) ?? unknownCode(code);
}

/** Codes come from outside: `constructor` must not find an inherited property. */
function own(table: Readonly<Record<string, HelpEntry>>, code: string): HelpEntry | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}

function filledIn(
  help: HelpEntry | undefined,
  usual: Remedy,
  { sendBack = 'then send it back', deletion = 'delete it' }: HelpWords = {},
): OutcomeHelp | undefined {
  if (help === undefined) return undefined;
  const { meaning, hint, remedy = usual } = help;
  const filled = hint?.replace('{sendBack}', sendBack).replace('{deletion}', deletion);
  return { meaning, ...(filled === undefined ? {} : { hint: filled }), remedy };
}

function unknownCode(code: string): OutcomeHelp {
  return {
    meaning: `This release does not know the code ${code}.`,
    hint: 'Update wordfreq; a newer worker may have written it.',
    remedy: 'fix-and-send-back',
  };
}
