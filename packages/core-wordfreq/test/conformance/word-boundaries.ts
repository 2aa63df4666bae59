import { CLASS_MASK, characterTable } from '../../src/tokenize/character-table.ts';
import {
  BOUNDARY,
  BOUNDARY_BEFORE_WAITING,
  WAITING,
  WordBreakAutomaton,
} from '../../src/tokenize/word-break-automaton.ts';

/**
 * Returns the indices of the code points before which the automaton has a boundary, and the text's length.
 */
export function boundariesOf(points: readonly number[]): number[] {
  const automaton = new WordBreakAutomaton();
  const table = characterTable();
  const boundaries: number[] = [];
  let waitingSince = 0;
  points.forEach((point, index) => {
    const decided = automaton.next((table[point] as number) & CLASS_MASK);
    if (decided & BOUNDARY_BEFORE_WAITING) boundaries.push(waitingSince);
    if (decided & BOUNDARY) boundaries.push(index);
    if (decided & WAITING) waitingSince = index;
  });
  if (automaton.waiting) boundaries.push(waitingSince);
  return [...boundaries, points.length];
}
