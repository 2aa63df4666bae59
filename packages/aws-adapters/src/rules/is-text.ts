import { kindOfBytes } from './kind-of-bytes.ts';

/** A text may have this many NUL bytes per byte: some editors and dumps leave a few. */
const MAX_NUL_SHARE = 1 / 1000;
/**
 * And this many faulty sequences per byte: a Latin-1 text in a European language has fewer if it is read as UTF-8, a
 * binary file has more.
 */
const MAX_INVALID_SHARE = 1 / 10;

/** What a count found in some bytes. */
export interface TextFacts {
  /** How many bytes were looked at. */
  readonly bytes: number;
  /** How many of them are NUL. */
  readonly nuls: number;
  /** Sequences that are not in the text's encoding. */
  readonly invalid: number;
}

/** What {@link isText} needs to know, from the warnings of a count. */
export function textFacts(
  bytes: number,
  warnings: readonly { readonly code: string; readonly count: number }[],
): TextFacts {
  const found = (code: string): number => warnings.find((warning) => warning.code === code)?.count ?? 0;
  return { bytes, nuls: found('nul'), invalid: found('invalid-utf8') + found('undecodable') };
}

/**
 * Whether bytes are a text: of 1,000 at most one is NUL, and of 10 at most one begins a faulty sequence. Other
 * encodings than UTF-8 are decoded before they are judged.
 */
export function isText({ bytes, nuls, invalid }: TextFacts): boolean {
  return nuls <= bytes * MAX_NUL_SHARE && invalid <= bytes * MAX_INVALID_SHARE;
}

/** An encoding that a text was read in. */
interface ReadEncoding {
  readonly name: string;
  /** The encoding that it may be in instead. */
  readonly likely?: string | undefined;
}

/** Why bytes are not text. */
export interface NotText {
  /** What follows "it is not text:", such as `it is a PDF document`; numbers where nothing else is known. */
  readonly reason: string;
  /** The encoding that the bytes may be text in. */
  readonly likely?: string;
}

/**
 * Returns why bytes are not text: what their first bytes say that they are, or that they are not UTF-8.
 *
 * @example
 * whyNotText(facts, Buffer.from('%PDF-1.7')); // { reason: 'it is a PDF document' }
 */
export function whyNotText(
  { bytes, nuls, invalid }: TextFacts,
  beginning: Uint8Array,
  { name, likely }: ReadEncoding = { name: 'utf-8' },
  formatNumber: (number: number) => string = String,
): NotText {
  const kind = kindOfBytes(beginning);
  if (kind !== undefined) return { reason: `it is ${kind}` };
  const total = `${formatNumber(bytes)} bytes`;
  const [sequences, are] = invalid === 1 ? ['sequence', 'is'] : ['sequences', 'are'];
  const faulty = `${formatNumber(invalid)} ${sequences}${nuls === 0 ? ` in ${total}` : ''}`;
  const faults = [
    ...(nuls === 0 ? [] : [`${formatNumber(nuls)} of ${total} ${nuls === 1 ? 'is' : 'are'} NUL`]),
    ...(invalid === 0 ? [] : [`${faulty} ${are} not ${name === 'utf-8' ? 'UTF-8' : name}`]),
  ];
  return { reason: faults.join(' and '), ...(likely === undefined ? {} : { likely }) };
}
