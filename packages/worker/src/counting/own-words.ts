import { createReadStream } from 'node:fs';
import type { CodedError, ObjectReader } from '@org/wordfreq-aws-adapters/ports';
import { dictionariesFor, readWords } from '@org/wordfreq-core/dictionaries';
import { detectEncoding } from '@org/wordfreq-core/encoding';
import { ConfigError, type WorkerConfig } from '../config.ts';
import { declaredEncoding } from './declared-encoding.ts';

/** `s3://bucket/key`. */
const OBJECT = /^s3:\/\/(?<bucket>[^/]+)\/(?<key>.+)$/s;

/**
 * Reads the words that join the dictionaries of languages without spaces, from a file or from an object: one on each
 * line, in any encoding, also compressed. They are read once, so that all texts of a worker are counted alike.
 *
 * @throws ConfigError: there is no such file or object, it is not text, or no dictionary can have one of its words;
 * what `objects` throws if a retry may succeed
 */
export async function readOwnWords(
  { WORDS_FILE: location, TOKENIZER: tokenizer, CJK: cjk }: WorkerConfig,
  objects: ObjectReader,
): Promise<readonly string[]> {
  if (location === undefined) return [];
  try {
    const words = await wordsAt(location, objects);
    // Refuses what no dictionary can have.
    dictionariesFor({ tokenizer, cjk }, words);
    return words;
  } catch (error) {
    if ((error as Partial<CodedError>).retryable === true) throw error;
    throw new ConfigError([`WORDS_FILE: ${location} cannot be read: ${(error as Error).message}`]);
  }
}

async function wordsAt(location: string, objects: ObjectReader): Promise<readonly string[]> {
  const { bucket, key } = OBJECT.exec(location)?.groups ?? {};
  if (bucket === undefined || key === undefined) {
    return readWords(createReadStream(location), { name: location, encoding: detectEncoding });
  }
  const { info, bytes } = await objects.read({ bucket, key });
  return readWords(bytes, {
    name: key,
    contentEncoding: info.contentEncoding,
    encoding: declaredEncoding(info.contentType) ?? detectEncoding,
  });
}
