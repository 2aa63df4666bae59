export {
  type BrowserRequest,
  isFromAnotherOrigin,
  isLoopback,
  namesThisMachine,
} from './browser-request.ts';
export { charsetOf } from './charset-of.ts';
export { type CopySource, copySource, copySourceMetadata } from './copy-source.ts';
export { csvField } from './csv-field.ts';
export {
  announcedObject,
  announcedObjects,
  type DeadLetterView,
  deadLetterView,
  reasonCodeOf,
} from './dead-letter-view.ts';
export {
  type ConversionWords,
  type EncodingProblem,
  encodingProblem,
  isEncodingWarning,
  type ReadText,
} from './encoding-problem.ts';
export { escapeField, escapeJson, escapeJsonText, escapeText, excerpt, PLAIN_TEXT } from './escape-text.ts';
export type { JobErrorCode, Remedy } from './help-entries.ts';
export { isText, type NotText, type TextFacts, textFacts, whyNotText } from './is-text.ts';
export { addCost, CostSums, costUsd, NO_COST, packCost } from './job-cost.ts';
export { KIND_BYTES, kindOfBytes } from './kind-of-bytes.ts';
export { PRICES, PRICES_OF, type Price } from './list-prices.ts';
export {
  COMPRESSION_SUFFIXES,
  checkKey,
  decodeFormKey,
  decodeListedKey,
  encodeFormKey,
  isTextKey,
  KEY_FORM,
  textSuffixes,
} from './object-key.ts';
export { metadataOfCopy } from './object-metadata.ts';
export {
  type HelpWords,
  OUTCOMES,
  type OutcomeHelp,
  outcomeHelp,
  REASONS,
  reasonHelp,
} from './outcome-help.ts';
export {
  failedFiles,
  isFailure,
  mayBeSuperseded,
  type PrecedingRecord,
  recordToKeep,
  supersedes,
} from './outcome-precedence.ts';
export { messagesIn, toDeadLetter } from './queue-message.ts';
export { recordMatches } from './record-search.ts';
export { dayOf, endOfDay, startOfDay } from './result-days.ts';
export { type CostView, costView, type ResultView, resultView } from './result-view.ts';
export { retryDelay } from './retry-delay.ts';
export { STOP_WORD_LISTS, spellingsOf, stopWordsIn } from './stop-word-lists.ts';
export {
  comparableSequencer,
  type OrderedRecord,
  type OrderingFacts,
  pinnedVersionId,
  plainETag,
  recordOrder,
  versionOrder,
} from './version-order.ts';
export { WAIT_IS_OVER } from './wait-is-over.ts';
