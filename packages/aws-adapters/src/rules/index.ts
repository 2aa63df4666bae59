export { checkKey, decodeFormKey, decodeListedKey, encodeFormKey, KEY_FORM } from './object-key.ts';
export { metadataOfCopy } from './object-metadata.ts';
export { pinnedVersionId, plainETag } from './object-version.ts';
export { mayGiveWay, type PrecedingRecord, recordToKeep, supersedes } from './outcome-precedence.ts';
export { COMPRESSION_SUFFIXES, isTextKey, textSuffixes } from './text-suffixes.ts';
export {
  comparableSequencer,
  type OrderedRecord,
  type OrderingFacts,
  recordOrder,
  versionOrder,
} from './version-order.ts';
