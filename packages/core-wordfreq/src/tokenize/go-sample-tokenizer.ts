import { type CodePointSink, Utf8Decoder } from '../charset/utf8-decoder.ts';
import { warnOfZeros } from '../charset/warn-of-zeros.ts';
import type { ByteTokenizer, TokenizerContext } from './byte-tokenizer.ts';
import { goLowerCase } from './go-lower-case.ts';
import { TokenBuffer } from './token-buffer.ts';

/** A token must have more bytes than this before it is trimmed. */
const TOO_SHORT_BYTES = 4;

/** `. , " ' ? !` */
const TRIMMED: ReadonlySet<number> = new Set([0x2e, 0x2c, 0x22, 0x27, 0x3f, 0x21]);

/**
 * Exactly the words of aws-samples/aws-go-wordfreq-sample: split at Unicode white space (Go's
 * `bufio.ScanWords`), in lower case (Go's `strings.ToLower`), without tokens of up to four bytes, then with
 * `. , " ' ? !` trimmed. So `"them"` counts and `them` does not, and `.....` becomes the empty word. That is
 * the sample's rule, oddities included.
 */
export class GoSampleTokenizer implements ByteTokenizer, CodePointSink {
  words = 0;
  readonly #context: TokenizerContext;
  readonly #decoder = new Utf8Decoder();
  readonly #token: TokenBuffer;
  #start = 0;

  constructor(context: TokenizerContext) {
    this.#context = context;
    this.#token = new TokenBuffer(context.maxTokenBytes);
  }

  push(chunk: Uint8Array, base: number): void {
    warnOfZeros(chunk, base, this.#context.warnings);
    this.#decoder.push(chunk, base, this);
  }

  finish(totalBytes: number): void {
    this.#decoder.finish(totalBytes, this);
    this.#endToken();
  }

  codePoint(codePoint: number, offset: number): void {
    if (isGoSpace(codePoint)) {
      this.#endToken();
      return;
    }
    if (this.#token.length === 0) this.#start = offset;
    this.#token.append(goLowerCase(codePoint));
  }

  /** Go decodes each byte that is not UTF-8 as a U+FFFD of its own. */
  invalid(offset: number, length: number): void {
    this.#context.warnings.add('invalid-utf8', offset);
    for (let index = 0; index < length; index += 1) this.codePoint(0xfffd, offset + index);
  }

  #endToken(): void {
    const { bytes, length, truncated } = this.#token;
    if (truncated) this.#context.warnings.add('token-truncated', this.#start);
    if (length > TOO_SHORT_BYTES) {
      let first = 0;
      let end = length;
      while (first < end && TRIMMED.has(bytes[first] as number)) first += 1;
      while (end > first && TRIMMED.has(bytes[end - 1] as number)) end -= 1;
      this.#context.words.add(first === 0 ? bytes : bytes.subarray(first, end), end - first);
      this.words += 1;
    }
    this.#token.clear();
  }
}

/** White space by Go's `bufio` (scan.go, isSpace). */
function isGoSpace(codePoint: number): boolean {
  if (codePoint <= 0xff) {
    return (
      codePoint === 0x20 ||
      (codePoint >= 0x09 && codePoint <= 0x0d) ||
      codePoint === 0x85 ||
      codePoint === 0xa0
    );
  }
  return (
    (codePoint >= 0x2000 && codePoint <= 0x200a) ||
    codePoint === 0x1680 ||
    codePoint === 0x2028 ||
    codePoint === 0x2029 ||
    codePoint === 0x202f ||
    codePoint === 0x205f ||
    codePoint === 0x3000
  );
}
