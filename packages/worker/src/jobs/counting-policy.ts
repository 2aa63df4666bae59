import type { WorkerConfig } from '../config.ts';
import type { CountingPolicy } from './process-job.ts';

/** The counting policy that the configuration defines. */
export function countingPolicyOf(config: WorkerConfig): CountingPolicy {
  return {
    tokenizer: config.TOKENIZER,
    normalize: config.NORMALIZE,
    ...(config.FOLD === undefined ? {} : { fold: config.FOLD }),
    ...(config.CASE_LOCALE === undefined ? {} : { locale: config.CASE_LOCALE }),
    cjk: config.CJK,
    dehyphenate: config.DEHYPHENATE === 'true',
    encoding: config.ENCODING,
    topWords: config.TOP_WORDS,
    maxDistinctWords: config.MAX_DISTINCT_WORDS,
    allowedBuckets: new Set(config.PROCESSING_BUCKET),
    keyPrefix: config.KEY_PREFIX,
    keySuffix: config.KEY_SUFFIX,
    maxObjectBytes: config.MAX_OBJECT_BYTES,
    workerName: config.WORKER_NAME ?? '',
  };
}
