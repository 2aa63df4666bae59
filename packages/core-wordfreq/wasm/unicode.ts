// The unicode tokenizer. Latin text is segmented with bit masks, one tile at a time (latin-tile.ts); all
// other text by the automaton of UAX #29, one character at a time (word-automaton.ts). One takes over from
// the other only where a boundary is certain, so that neither needs the other's state.
import { takePlainRuns } from './dictionary-runs';
import { classifyLatin, limit } from './latin-tile';
import {
  character,
  characterSize,
  characterStart,
  decodeValid,
  endSequence,
  INVALID_BEFORE,
  isPending,
  MORE,
  step,
  validSize,
  WHOLE,
} from './utf8';
import {
  endOfText,
  isAfterIdeograph,
  isAsciiAhead,
  isBetweenWords,
  restartAt,
  takeCharacter,
  takeWords,
} from './word-automaton';
import { TILE } from './word-edges';
import { countTile } from './words';

/** U+FFFD in UTF-8, which replaces bytes that are not UTF-8. */
const replacement: usize = memory.data<u8>([0xef, 0xbf, 0xbd, 0, 0, 0, 0, 0]);

/** Whether the automaton is reading. Between chunks it always is, because a word may continue. */
let inAutomaton: bool = true;

/** Counts the words from `from` to `end`. 64 bytes after the end must be readable. */
export function scanUnicode(from: usize, end: usize, offsetAt0: f64): void {
  let at = from;
  while (at < end) {
    if (inAutomaton) at = walk(at, end, offsetAt0);
    else at = scanTile(at, end, offsetAt0);
  }
}

export function finishUnicode(offset: f64): void {
  if (endSequence()) takeCharacter(0xfffd, replacement, 3, characterStart);
  endOfText(offset);
}

/** Runs the automaton until ASCII text starts between words. Returns the address of that text. */
function walk(from: usize, end: usize, offsetAt0: f64): usize {
  let at = from;
  while (at < end) {
    if (at + 4 <= end && !isPending()) {
      const size = validSize(at);
      if (size != 0) {
        const codePoint = decodeValid(at, size);
        takeCharacter(codePoint, at, size, offsetAt0 + <f64>at);
        const next = at + size;
        at = isAfterIdeograph() ? takePlainRuns(next, end, offsetAt0) : takeWords(next, end, offsetAt0);
        if (isBetweenWords() && isAsciiAhead(at, end)) {
          inAutomaton = false;
          return at;
        }
        continue;
      }
    }
    const result = step(load<u8>(at), offsetAt0 + <f64>at);
    if (result != INVALID_BEFORE) at++;
    if (result == WHOLE) {
      takeCharacter(decodeValid(character, characterSize), character, characterSize, characterStart);
    } else if (result != MORE) takeCharacter(0xfffd, replacement, 3, characterStart);
  }
  return at;
}

/**
 * Counts whole words of Latin text that starts after a boundary. Returns where to continue, which is also
 * after a boundary.
 */
function scanTile(from: usize, end: usize, offsetAt0: f64): usize {
  const blocks = classifyLatin(from, end);
  const open = countTile(from, blocks, 0, true, offsetAt0);
  // If no word is open, the last character is read again, because marks that follow belong to it (WB4).
  const next = open != 0 ? open : beforeLimit();
  if (next > from && limit < end && limit == from + TILE) return next;
  inAutomaton = true;
  restartAt(offsetAt0 + <f64>next);
  return next;
}

/** Returns the start of the last character. */
function beforeLimit(): usize {
  let at = limit - 1;
  while ((load<u8>(at) & 0xc0) == 0x80) at--;
  return at;
}
