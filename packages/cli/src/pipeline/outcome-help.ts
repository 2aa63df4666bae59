import { type OutcomeHelp, outcomeHelp, reasonHelp } from '@org/wordfreq-aws-adapters/rules';

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

/** Explains the reason code of a dead letter to somebody in a terminal. */
export function helpOfReason(code: string): CommandHelp {
  return forCommands(reasonHelp(code, COMMANDS));
}

function forCommands({ remedy: _, ...help }: OutcomeHelp): CommandHelp {
  return help;
}
