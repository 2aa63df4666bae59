import type {
  JobResult,
  Notification,
  NotificationKind,
  QuarantineReason,
} from '@org/wordfreq-aws-adapters/ports';
import {
  encodingProblem,
  escapeText,
  isFailure,
  type OutcomeHelp,
  outcomeHelp,
  reasonHelp,
} from '@org/wordfreq-aws-adapters/rules';

/** What people are notified of: nothing, each failure, each file, or everything in one mail at intervals. */
export type NotifyMode = 'none' | 'failures' | 'each' | 'digest';

/** Every mode. */
export const NOTIFY_MODES: readonly NotifyMode[] = ['none', 'failures', 'each', 'digest'];

/** Which topic gets what: one is for failures, one for everything else. */
export function topicArnsOf(config: {
  readonly RESULTS_TOPIC_ARN: string;
  readonly FAILURES_TOPIC_ARN: string;
}): Readonly<Record<NotificationKind, string>> {
  return {
    'job-finished': config.RESULTS_TOPIC_ARN,
    'job-failed': config.FAILURES_TOPIC_ARN,
    'message-quarantined': config.FAILURES_TOPIC_ARN,
    digest: config.RESULTS_TOPIC_ARN,
  };
}

/** Whether people are notified of an outcome, at once or in a digest. */
export function isNotified(outcome: string, mode: NotifyMode): boolean {
  return mode === 'failures' ? isFailure(outcome) : mode !== 'none';
}

/**
 * The immediate notification of a result, if any. Keys, words and reasons are untrusted text: the subject
 * contains none of them, and in the text each stays on one line.
 */
export function notificationFor(result: JobResult, mode: NotifyMode): Notification | undefined {
  if (mode === 'digest' || !isNotified(result.outcome, mode)) return undefined;
  const failed = isFailure(result.outcome);
  return {
    kind: failed ? 'job-failed' : 'job-finished',
    id: result.jobId,
    subject: failed ? 'wordfreq: a file could not be counted' : 'wordfreq: a file was counted',
    text: failed ? failureText(result) : successText(result),
    facts: new Map([
      ['outcome', result.outcome],
      ['bucket', result.object.bucket],
      ['key', result.object.key],
    ]),
  };
}

/**
 * The notification of a message that is quarantined without a record: it cannot be understood, or no attempt
 * ended with an outcome.
 */
export function quarantineNotification(
  messageId: string,
  { code, detail, facts }: QuarantineReason,
  mode: NotifyMode,
): Notification | undefined {
  if (mode === 'none' || mode === 'digest') return undefined;
  const what = code === 'attempts-exhausted' ? 'given up' : 'not understood';
  const key = facts?.get('key');
  return {
    kind: 'message-quarantined',
    id: messageId,
    subject: `wordfreq: a message was ${what}`,
    text: [
      `A message of the jobs queue was ${what}: ${code}.`,
      escapeText(detail),
      ...(key === undefined ? [] : ['', `It is about ${escapeText(key)} of bucket ${facts?.get('bucket')}.`]),
      ...(facts?.has('excerpt') === true ? ['', `It began: ${facts.get('excerpt')}`] : []),
      '',
      inDeadLetters(reasonHelp(code, MAIL_WORDS)),
      `Message ${messageId}.`,
    ].join('\n'),
    facts: new Map([
      ['outcome', `quarantined:${code}`],
      ...(key === undefined ? [] : [['key', key] as const]),
    ]),
  };
}

function failureText(result: JobResult): string {
  const { object, error } = result;
  return [
    `${escapeText(object.key)} of bucket ${object.bucket} could not be counted: ${error?.code ?? result.outcome}.`,
    escapeText(error?.message ?? ''),
    '',
    inDeadLetters(outcomeHelp(result.outcome, MAIL_WORDS)),
    `Job ${result.jobId}, worker ${result.worker}, ${result.finishedAt.toISOString()}.`,
  ].join('\n');
}

const MAIL_WORDS = {
  sendBack: 'then send the message back to the jobs queue',
  deletion: 'delete the message',
};

/** As on the page: what is wrong in the file itself is still wrong when its message is sent back. */
function inDeadLetters({ remedy, hint }: OutcomeHelp): string {
  const help = remedy === 'upload-corrected' ? 'Sending it back cannot help: upload a corrected file.' : hint;
  return ['The message is in the dead-letter queue, with this reason.', help ?? []].flat().join(' ');
}

function successText(result: JobResult): string {
  const { object, totals } = result;
  const problem = encodingProblem(result);
  return [
    `${escapeText(object.key)} of bucket ${object.bucket}: ${result.outcome}, ${totals.words} words, ${totals.distinctWords} different ones.`,
    ...(problem === undefined ? [] : [`${problem.message} ${problem.hint}`]),
    '',
    ...result.words.slice(0, 10).map(({ word, count }) => `${count}\t${escapeText(word)}`),
    '',
    `Job ${result.jobId}, worker ${result.worker}, ${result.finishedAt.toISOString()}.`,
  ].join('\n');
}
