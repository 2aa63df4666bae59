import { describe, expect, it } from 'vitest';
import { hasColor } from './color.ts';

describe(hasColor, () => {
  it.each([
    ['a screen', {}, true, true],
    ['a pipe', {}, false, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=3 in a pipe', { FORCE_COLOR: '3' }, false, true],
    ['FORCE_COLOR=true in a dumb pipe', { FORCE_COLOR: 'true', TERM: 'dumb' }, false, true],
    ['an empty FORCE_COLOR in a pipe', { FORCE_COLOR: '' }, false, false],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, false],
    ['FORCE_COLOR beside NO_COLOR, as in Node', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ['an empty FORCE_COLOR beside NO_COLOR', { FORCE_COLOR: '', NO_COLOR: '1' }, true, false],
  ])('decides for %s', (_, environment, isScreen, expected) => {
    expect(hasColor({ wanted: true, isScreen, environment })).toBe(expected);
    expect(hasColor({ wanted: false, isScreen, environment })).toBe(false);
  });
});
