import { describe, expect, it } from 'vitest';
import { PORT_ERROR_CODES } from '../errors/index.ts';
import { OUTCOMES, outcomeHelp, REASONS, reasonHelp } from './outcome-help.ts';

const EXPLAINED_CODES = [...new Set([...OUTCOMES, ...REASONS])];

const FAILURES = EXPLAINED_CODES.filter((code) => code.startsWith('failed:'));

describe(outcomeHelp, () => {
  it.each(EXPLAINED_CODES)('explains %s in sentences', (code) => {
    const known = [outcomeHelp(code), reasonHelp(code)].filter(
      ({ meaning }) => !meaning.includes('does not know the code'),
    );
    expect(known).toHaveLength(1);
    const { meaning = '', hint } = known[0] ?? {};
    for (const sentence of [meaning, ...(hint === undefined ? [] : [hint])]) {
      expect(sentence).toMatch(/^[A-Z][^{}]*\.$/);
    }
  });

  it.each(FAILURES)('says what to do about %s', (outcome) => {
    expect(outcomeHelp(outcome).hint).toBeDefined();
  });

  it.each(PORT_ERROR_CODES)('knows the adapters’ code %s', (code) => {
    expect(outcomeHelp(`failed:${code}`).meaning).not.toContain('does not know');
  });

  it.each(['constructor', 'failed:__proto__', 'failed:', ''])('says of %j that it is unknown', (outcome) => {
    expect(outcomeHelp(outcome).meaning).toContain('does not know the code');
  });
});

describe(reasonHelp, () => {
  it.each([
    ['not-text', 'upload-corrected'],
    ['corrupt-compression', 'upload-corrected'],
    ['bad-key', 'delete'],
    ['changed', 'nothing'],
    ['access-denied', 'fix-and-send-back'],
    ['object-too-large', 'fix-and-send-back'],
    ['received-too-often', 'fix-and-send-back'],
    ['of a later release', 'fix-and-send-back'],
  ])('knows what a person can do about %s', (code, remedy) => {
    expect(reasonHelp(code).remedy).toBe(remedy);
  });

  it('speaks of sending back only where that can help, in the words of whoever shows it', () => {
    const words = { sendBack: 'THEN SEND', deletion: 'DELETE' };
    for (const code of EXPLAINED_CODES) {
      const { hint = '', remedy } = code.startsWith('failed:')
        ? outcomeHelp(code, words)
        : reasonHelp(code, words);
      if (hint.includes('THEN SEND')) expect([code, remedy]).toEqual([code, 'fix-and-send-back']);
      expect([code, hint.includes('DELETE')]).toEqual([code, remedy === 'delete']);
    }
    expect(reasonHelp('throttled').hint).toBe('Wait or run fewer workers, then send it back.');
  });
});
