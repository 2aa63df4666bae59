import { describe, expect, it } from 'vitest';
import { encodingProblem } from './encoding-problem.ts';

const invalid = (count: number, firstOffset = 6) => [{ code: 'invalid-utf8', count, firstOffset }];

describe('encodingProblem', () => {
  it('finds none in a text without bytes that are not in its encoding, whatever else was noticed', () => {
    expect(encodingProblem({ warnings: [] })).toBeUndefined();
    expect(encodingProblem({ warnings: [{ code: 'nul', count: 1, firstOffset: 0 }] })).toBeUndefined();
    const encoding = { name: 'windows-1252', foundBy: 'detected' } as const;
    expect(encodingProblem({ warnings: [], encoding })).toBeUndefined();
  });

  it('names the likely encoding and how to get there', () => {
    const encoding = { name: 'utf-8', foundBy: 'default', likely: 'windows-1252' } as const;
    expect(encodingProblem({ warnings: invalid(4), encoding })).toEqual({
      message:
        'Counted, but 4 places are not UTF-8, the first at byte 6: words are broken there. Perhaps it is windows-1252.',
      hint: 'If so, convert it from windows-1252 to UTF-8 and upload it again.',
    });
    expect(encodingProblem({ warnings: invalid(4), encoding }, { convert: 'run x {encoding}' })?.hint).toBe(
      'If so, run x windows-1252.',
    );
  });

  it('asks for the encoding where none is likely', () => {
    expect(encodingProblem({ warnings: invalid(1) })).toEqual({
      message: 'Counted, but 1 place is not UTF-8, at byte 6: words are broken there.',
      hint: 'If it is not damaged, convert it from its encoding to UTF-8 and upload it again.',
    });
    expect(
      encodingProblem({ warnings: invalid(1) }, { convert: 'x {encoding}', unknown: '<name>' })?.hint,
    ).toBe('If it is not damaged, x <name>.');
  });

  it('names the encoding that a text was read in, if it is another one', () => {
    const warnings = [{ code: 'undecodable', count: 1200, firstOffset: 3000 }];
    const encoding = { name: 'shift_jis', foundBy: 'declared' } as const;
    expect(encodingProblem({ warnings, encoding }, {}, (number) => `${number}!`)?.message).toMatch(
      /^Counted, but 1200! places are not shift_jis, the first at byte 3000!:/,
    );
  });
});
