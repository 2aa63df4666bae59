import type { ResultEncoding, ResultWarning } from '../ports/index.ts';

/** What a count says about the encoding of a text. */
export interface ReadText {
  /** What was noteworthy about it. */
  readonly warnings: readonly ResultWarning[];
  /** Absent for UTF-8. */
  readonly encoding?: ResultEncoding | undefined;
}

/** That a text was counted although some of its bytes are not in the encoding that it was read in. */
export interface EncodingProblem {
  /** One sentence. */
  readonly message: string;
  /** One sentence. */
  readonly hint: string;
}

/** How a view tells users to convert a text to UTF-8; `{encoding}` stands for the likely encoding. */
export interface ConversionWords {
  /** Default: `convert it from {encoding} to UTF-8 and upload it again`. */
  readonly convert?: string;
  /** What `{encoding}` becomes where none is likely. Default: `its encoding`. */
  readonly unknown?: string;
}

/** The warnings of the core that stand for bytes which became U+FFFD. */
const DECODING_WARNINGS: ReadonlySet<string> = new Set(['invalid-utf8', 'undecodable']);

/** Whether a warning is about bytes that are not in the text's encoding. */
export function isEncodingWarning({ code }: Pick<ResultWarning, 'code'>): boolean {
  return DECODING_WARNINGS.has(code);
}

/**
 * Returns what is wrong with the words of a text that is damaged or was counted in a wrong encoding; undefined if
 * nothing is. A short text does not reveal its encoding reliably, so it is counted as UTF-8, and its words break
 * wherever a byte is not UTF-8.
 *
 * The hint is to upload other bytes, because a bucket without versions treats the same bytes as the same version of the
 * object, whatever content type they are uploaded with.
 *
 * @example
 * encodingProblem({ warnings: [{ code: 'invalid-utf8', count: 4, firstOffset: 6 }] })?.message;
 * // 'Counted, but 4 places are not UTF-8, the first at byte 6: words are broken there.'
 */
export function encodingProblem(
  { warnings, encoding }: ReadText,
  words: ConversionWords = {},
  formatNumber: (number: number) => string = String,
): EncodingProblem | undefined {
  const damage = warnings.find(isEncodingWarning);
  if (damage === undefined) return undefined;
  const { convert = 'convert it from {encoding} to UTF-8 and upload it again', unknown = 'its encoding' } =
    words;
  const { name = 'utf-8', likely } = encoding ?? {};
  const read = name === 'utf-8' ? 'UTF-8' : name;
  const at = formatNumber(damage.firstOffset);
  const places =
    damage.count === 1
      ? `1 place is not ${read}, at byte ${at}`
      : `${formatNumber(damage.count)} places are not ${read}, the first at byte ${at}`;
  const guess = likely === undefined ? '' : ` Perhaps it is ${likely}.`;
  const isGuessed = likely !== undefined;
  return {
    message: `Counted, but ${places}: words are broken there.${guess}`,
    hint: `${isGuessed ? 'If so' : 'If it is not damaged'}, ${convert.replaceAll('{encoding}', likely ?? unknown)}.`,
  };
}
