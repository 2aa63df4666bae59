import { PORT_ERROR_CODES } from '@org/wordfreq-aws-adapters/errors';
import { describe, expect, it } from 'vitest';
import { EXPLAINED_CODES, outcomeHelp, reasonHelp } from './outcome-help.ts';

const FAILURES = EXPLAINED_CODES.filter((code) => code.startsWith('failed:'));

describe(outcomeHelp, () => {
  it.each(EXPLAINED_CODES)('explains %s in sentences', (code) => {
    const known = [outcomeHelp(code), reasonHelp(code)].filter(
      ({ meaning }) => !meaning.includes('does not know the code'),
    );
    expect(known).toHaveLength(1);
    for (const sentence of Object.values(known[0] ?? {})) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each(FAILURES)('says what to do about %s', (outcome) => {
    expect(outcomeHelp(outcome).cure).toBeDefined();
  });

  it.each(PORT_ERROR_CODES)('knows the adapters’ code %s', (code) => {
    expect(outcomeHelp(`failed:${code}`).meaning).not.toContain('does not know');
  });

  it.each(['constructor', 'failed:__proto__', 'failed:', ''])('says of %j that it is unknown', (outcome) => {
    expect(outcomeHelp(outcome).meaning).toContain('does not know the code');
  });
});

describe(reasonHelp, () => {
  it('explains what the queue itself gave up', () => {
    expect(reasonHelp('received-too-often').cure).toContain('wordfreq dlq redrive');
  });
});
