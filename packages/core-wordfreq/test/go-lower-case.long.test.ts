import { describe, expect, it } from 'vitest';
import { GO_UNICODE_VERSION } from '../src/tokenize/generated/go-lower-case.ts';
import { goLowerCase } from '../src/tokenize/go-lower-case.ts';
import { readGoLowerCase } from '../tools/read-go-lower-case.ts';

describe('lower case as in Go', () => {
  it('is that of Go itself for every code point', (context) => {
    const go = readGoLowerCase();
    if (go === undefined) return context.skip('there is no Go');
    if (go.unicode !== GO_UNICODE_VERSION) return context.skip(`Go has Unicode ${go.unicode}`);
    const different: number[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      if (goLowerCase(point) !== (go.lower.get(point) ?? point)) different.push(point);
    }
    expect(different).toEqual([]);
  });
});
