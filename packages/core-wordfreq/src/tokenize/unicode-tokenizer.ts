import { type CodePointSink, Utf8Decoder, utf8Size } from '../charset/utf8-decoder.ts';
import { warnOfZeros } from '../charset/warn-of-zeros.ts';
import { AsciiWords, endOfMixedWords } from './ascii-words.ts';
import type { ByteTokenizer, TokenizerContext } from './byte-tokenizer.ts';
import { caseFolding } from './case-folding.ts';
import { CLASS_MASK, characterTableWith, DICTIONARY_FLAG } from './character-table.ts';
import { createSegmenter, type DictionarySegmenter } from './dictionary-segmenter.ts';
import { TokenBuffer } from './token-buffer.ts';
import {
  BOUNDARY,
  BOUNDARY_BEFORE_WAITING,
  WAITING,
  WAITING_JOINED,
  WordBreakAutomaton,
} from './word-break-automaton.ts';
import { isCased, isWhiteSpace, isWordLike } from './word-break-class.ts';

/** A run for the dictionary is split after so many code points, wherever chunks end, to bound memory. */
export const MAX_RUN = 4096;

/**
 * Segments text by Unicode's default word boundaries (UAX #29) and folds case. Segments without a letter or a
 * digit are not words. Characters that need a dictionary are gathered into runs and passed to one.
 */
export class UnicodeTokenizer implements ByteTokenizer, CodePointSink {
  #words = 0;
  readonly #context: TokenizerContext;
  readonly #decoder = new Utf8Decoder();
  readonly #automaton = new WordBreakAutomaton();
  readonly #asciiWords: AsciiWords;
  #characters = characterTableWith(0);
  readonly #segment: DictionarySegmenter;
  readonly #token: TokenBuffer;
  #tokenStart = 0;
  #wordLike = false;
  /** The offset of the character that waits (WB6, WB7b, WB12). */
  #waitingStart = 0;
  #run = '';
  #runLength = 0;

  constructor(context: TokenizerContext) {
    this.#context = context;
    this.#asciiWords = new AsciiWords(context);
    this.#segment = createSegmenter(context);
    this.#token = new TokenBuffer(context.maxTokenBytes);
  }

  push(chunk: Uint8Array, base: number): void {
    warnOfZeros(chunk, base, this.#context.warnings);
    for (let at = 0; at < chunk.length; ) {
      const end = endOfMixedWords(chunk, at);
      this.#decoder.push(chunk, base, this, at, end);
      // After a separator, only a word that waits for a Hebrew letter (WB7b) may still be open.
      at = end < chunk.length && !this.#automaton.waiting ? this.#readAscii(chunk, end, base) : end;
    }
  }

  #readAscii(chunk: Uint8Array, from: number, base: number): number {
    // The automaton reads the last separator again, because a ZWJ may join it to what follows (WB3c).
    const end = this.#asciiWords.read(chunk, from) - 1;
    if (end <= from) return from;
    this.#endToken(base + end);
    this.#automaton.reset();
    return end;
  }

  get words(): number {
    return this.#words + this.#asciiWords.words;
  }

  finish(totalBytes: number): void {
    this.#decoder.finish(totalBytes, this);
    this.#endRun();
    if (this.#automaton.waiting) this.#token.dropWaiting();
    this.#endToken(totalBytes);
  }

  invalid(offset: number): void {
    this.#context.warnings.add('invalid-utf8', offset);
    this.codePoint(0xfffd, offset);
  }

  codePoint(codePoint: number, offset: number): void {
    if (codePoint >= this.#characters.length) this.#characters = characterTableWith(codePoint);
    const character = this.#characters[codePoint] as number;
    const wordBreak = character & CLASS_MASK;
    const decided = this.#automaton.next(wordBreak);
    const joined = !(decided & (BOUNDARY | WAITING));
    if (this.#runLength > 0 && (joined || character & DICTIONARY_FLAG)) {
      this.#appendToRun(codePoint);
    } else if (character & DICTIONARY_FLAG && !joined) {
      this.#decideBoundaries(decided, offset);
      this.#appendToRun(codePoint);
    } else {
      if (this.#runLength > 0) this.#endRun();
      if (decided !== 0) this.#decideBoundaries(decided, offset);
      if (isCased(wordBreak)) this.#appendFolded(codePoint);
      else if (isWhiteSpace(wordBreak)) this.#skip(codePoint, offset);
      else this.#token.append(codePoint);
      if (isWordLike(wordBreak)) this.#wordLike = true;
    }
  }

  #decideBoundaries(decided: number, offset: number): void {
    if (decided & WAITING_JOINED) this.#token.joinWaiting();
    if (decided & BOUNDARY_BEFORE_WAITING) {
      this.#token.dropWaiting();
      this.#endToken(this.#waitingStart);
      // Alone, what was waiting is not a word, but a ZWJ may join it to the current character (WB3c).
      if (!(decided & BOUNDARY)) this.#token.takeDropped();
    }
    if (decided & BOUNDARY) this.#endToken(offset);
    if (decided & WAITING) {
      this.#token.wait();
      this.#waitingStart = offset;
    }
  }

  /** White space is never part of a word, not even where a ZWJ joins it to a letter like Ⓜ (WB3c). */
  #skip(codePoint: number, offset: number): void {
    this.#tokenStart = offset + utf8Size(codePoint);
  }

  #appendFolded(codePoint: number): void {
    const token = this.#token;
    if (this.#context.keepCase) {
      token.append(codePoint);
      return;
    }
    if (codePoint < 0x80) {
      token.append(codePoint >= 0x41 && codePoint <= 0x5a ? codePoint | 0x20 : codePoint);
      return;
    }
    const folded = caseFolding(codePoint);
    if (folded === undefined) token.append(codePoint);
    else for (const point of folded) token.append(point);
  }

  /** Counts the open word if it has a letter or a digit, and starts the next one at `nextStart`. */
  #endToken(nextStart: number): void {
    const token = this.#token;
    if (this.#wordLike) {
      this.#context.words.add(token.bytes, token.length);
      this.#words += 1;
      if (token.truncated) this.#context.warnings.add('token-truncated', this.#tokenStart);
      this.#wordLike = false;
    }
    token.clear();
    this.#tokenStart = nextStart;
  }

  #appendToRun(codePoint: number): void {
    this.#run += String.fromCodePoint(codePoint);
    this.#runLength += 1;
    if (this.#runLength >= MAX_RUN) this.#endRun();
  }

  #endRun(): void {
    if (this.#runLength === 0) return;
    this.#segment(this.#run, (word) => {
      for (const character of word) this.#appendFolded(character.codePointAt(0) as number);
      this.#wordLike = true;
      this.#endToken(this.#tokenStart);
    });
    this.#run = '';
    this.#runLength = 0;
  }
}
