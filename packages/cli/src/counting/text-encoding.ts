import { createRequire } from 'node:module';
import { type EncodingDetector, encodingNamed } from '@org/wordfreq-core';
import { UsageError } from '../errors.ts';
import { AUTO } from './counting-options.ts';

/** Guesses an encoding. What it needs is loaded for the first text that is not UTF-8: most are. */
export const detectEncoding: EncodingDetector = (beginning) => {
  const require = createRequire(import.meta.url);
  const detector = require('@org/wordfreq-core/encoding') as typeof import('@org/wordfreq-core/encoding');
  return detector.detectEncoding(beginning);
};

/**
 * Returns the encoding that the value of `--encoding` names; undefined for a guess.
 *
 * @throws UsageError
 */
export function namedEncoding(label: string): string | undefined {
  if (label === AUTO) return undefined;
  const name = encodingNamed(label);
  if (name !== undefined) return name;
  throw new UsageError(
    `--encoding ${label}: expected ${AUTO}, or an encoding such as windows-1252, gb18030, shift_jis or utf-16le`,
  );
}
