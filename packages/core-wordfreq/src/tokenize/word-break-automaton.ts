import { WORD_BREAK_CLASSES, WordBreak } from './word-break-class.ts';

/**
 * The word boundary rules of UAX #29 as a finite automaton, so that text can come in any chunks. A state is
 * what matters of the text so far: the class of the last character that WB4 does not ignore, and whether a
 * character that may join two letters or digits (WB6, WB7b, WB12) is still waiting for the second one. Both
 * engines use the table below; WB3c alone is outside of it, because a ZWJ does not change the state.
 */
export const State = {
  /** Start of text (WB1). */
  Start: 0,
  Other: 1,
  CR: 2,
  /** LF or Newline: a boundary always follows (WB3a). */
  LineEnd: 3,
  Space: 4,
  Letter: 5,
  Hebrew: 6,
  /** A Hebrew letter and a single quote (WB7a): already joined, and may join the next letter (WB7). */
  HebrewQuote: 7,
  Digit: 8,
  Katakana: 9,
  Connector: 10,
  /** An odd number of regional indicators (WB15, WB16). */
  FlagHalf: 11,
  /** A letter, then a character that waits for another letter (WB6, WB7). */
  LetterWaiting: 12,
  /** A Hebrew letter, then a character that waits for any letter (WB6, WB7). */
  HebrewWaiting: 13,
  /** A Hebrew letter, then a double quote that waits for a Hebrew letter (WB7b, WB7c). */
  HebrewDoubleQuote: 14,
  /** A digit, then a character that waits for another digit (WB11, WB12). */
  DigitWaiting: 15,
} as const;
const STATES = 16;

/** In a transition: the character that had been waiting belongs to the word. */
export const WAITING_JOINED = 0x10;
/** In a transition: there is a boundary before the current character. */
export const BOUNDARY = 0x20;
/** In a transition: there was a boundary before the character that had been waiting. */
export const BOUNDARY_BEFORE_WAITING = 0x40;
/**
 * In a transition: the current character waits; the next one decides whether there is a boundary before it.
 */
export const WAITING = 0x80;
/** The lower bits of a transition: the next state. */
export const STATE_MASK = 0x0f;

const isLetter = (wordBreak: number): boolean =>
  wordBreak === WordBreak.ALetter ||
  wordBreak === WordBreak.HebrewLetter ||
  wordBreak === WordBreak.InvisibleLetter ||
  wordBreak === WordBreak.PictographicLetter;
const isIgnorable = (wordBreak: number): boolean =>
  wordBreak === WordBreak.Extend || wordBreak === WordBreak.Format || wordBreak === WordBreak.ZWJ;
const joinsLetters = (wordBreak: number): boolean =>
  wordBreak === WordBreak.MidLetter ||
  wordBreak === WordBreak.MidNumLet ||
  wordBreak === WordBreak.SingleQuote;
const joinsDigits = (wordBreak: number): boolean =>
  wordBreak === WordBreak.MidNum || wordBreak === WordBreak.MidNumLet || wordBreak === WordBreak.SingleQuote;

/** Returns the state after a character if nothing before it matters. */
function stateAfter(wordBreak: number): number {
  if (wordBreak === WordBreak.CR) return State.CR;
  if (wordBreak === WordBreak.LF || wordBreak === WordBreak.Newline) return State.LineEnd;
  if (wordBreak === WordBreak.WSegSpace) return State.Space;
  if (wordBreak === WordBreak.HebrewLetter) return State.Hebrew;
  if (isLetter(wordBreak)) return State.Letter;
  if (wordBreak === WordBreak.Numeric) return State.Digit;
  if (wordBreak === WordBreak.Katakana) return State.Katakana;
  if (wordBreak === WordBreak.ExtendNumLet) return State.Connector;
  if (wordBreak === WordBreak.RegionalIndicator) return State.FlagHalf;
  return State.Other;
}

/**
 * Returns an entry of the table: the state after `state` and a character of class `wordBreak`, and the
 * boundaries that this decides.
 */
function transition(state: number, wordBreak: number): number {
  const next = stateAfter(wordBreak);
  switch (state) {
    case State.Start:
      return BOUNDARY | next; // WB1
    case State.CR:
      return wordBreak === WordBreak.LF ? State.LineEnd : BOUNDARY | next; // WB3, WB3a
    case State.LineEnd:
      return BOUNDARY | next; // WB3a
    default:
  }
  if (isIgnorable(wordBreak)) return state === State.Space ? State.Other : state; // WB4
  switch (state) {
    case State.Space:
      return wordBreak === WordBreak.WSegSpace ? State.Space : BOUNDARY | next; // WB3d
    case State.Letter:
      if (joinsLetters(wordBreak)) return WAITING | State.LetterWaiting; // WB6
      return afterLetter(wordBreak, next);
    case State.Hebrew:
      if (wordBreak === WordBreak.SingleQuote) return State.HebrewQuote; // WB7a
      if (wordBreak === WordBreak.DoubleQuote) return WAITING | State.HebrewDoubleQuote; // WB7b
      if (joinsLetters(wordBreak)) return WAITING | State.HebrewWaiting; // WB6
      return afterLetter(wordBreak, next);
    case State.HebrewQuote:
      return isLetter(wordBreak) ? next : BOUNDARY | next; // WB7
    case State.Digit:
      if (joinsDigits(wordBreak)) return WAITING | State.DigitWaiting; // WB12
      return afterLetter(wordBreak, next); // WB8, WB10, WB13a
    case State.Katakana:
      return next === State.Katakana || next === State.Connector ? next : BOUNDARY | next; // WB13, WB13a
    case State.Connector:
      return next === State.Katakana ? next : afterLetter(wordBreak, next); // WB13a, WB13b
    case State.FlagHalf:
      return wordBreak === WordBreak.RegionalIndicator ? State.Other : BOUNDARY | next; // WB15, WB16
    case State.LetterWaiting:
    case State.HebrewWaiting:
      return afterWaiting(isLetter(wordBreak), next); // WB7
    case State.HebrewDoubleQuote:
      return afterWaiting(wordBreak === WordBreak.HebrewLetter, next); // WB7c
    case State.DigitWaiting:
      return afterWaiting(wordBreak === WordBreak.Numeric, next); // WB11
    default:
      return BOUNDARY | next; // WB999
  }
}

function afterWaiting(joined: boolean, next: number): number {
  return joined ? WAITING_JOINED | next : BOUNDARY_BEFORE_WAITING | BOUNDARY | next;
}

/** Between letters, digits and connectors there is no boundary (WB5, WB8, WB9, WB10, WB13a, WB13b). */
function afterLetter(wordBreak: number, next: number): number {
  const joined = isLetter(wordBreak) || next === State.Digit || next === State.Connector;
  return joined ? next : BOUNDARY | next;
}

/** State × class → next state, and which boundaries that decides. */
export const WORD_BREAK_TRANSITIONS: Uint8Array = /* @__PURE__ */ Uint8Array.from(
  { length: STATES * WORD_BREAK_CLASSES },
  (_, index) => transition(Math.floor(index / WORD_BREAK_CLASSES), index % WORD_BREAK_CLASSES),
);

/** Decides word boundaries, one character at a time. */
export class WordBreakAutomaton {
  #state: number = State.Start;
  #lastIsZwj = false;

  /**
   * Takes the class of the next character and returns the boundaries that are now decided: {@link BOUNDARY},
   * {@link BOUNDARY_BEFORE_WAITING}, {@link WAITING}, {@link WAITING_JOINED}. If a ZWJ joins the character to
   * the one that had been waiting (WB3c), there is a boundary before that one only.
   */
  next(wordBreak: number): number {
    let decided = WORD_BREAK_TRANSITIONS[this.#state * WORD_BREAK_CLASSES + wordBreak] as number;
    this.#state = decided & STATE_MASK;
    if (this.#lastIsZwj && wordBreak >= WordBreak.Pictographic) decided &= ~BOUNDARY; // WB3c
    this.#lastIsZwj = wordBreak === WordBreak.ZWJ;
    return decided & ~STATE_MASK;
  }

  /** Forgets the text so far. */
  reset(): void {
    this.#state = State.Start;
    this.#lastIsZwj = false;
  }

  /** Whether a character is still waiting. At the end of the text, there is a boundary before it (WB2). */
  get waiting(): boolean {
    return this.#state >= State.LetterWaiting;
  }
}
