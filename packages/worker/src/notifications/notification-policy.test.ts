import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { notificationFor, quarantineNotification } from './notification-policy.ts';

/** The mail of a file that failed with this code. */
function mailOf(code: string): string {
  const error = { code, message: 'What was wrong.' };
  const result = sampleResult({ outcome: `failed:${code}`, error, words: [] });
  return notificationFor(result, 'failures')?.text ?? '';
}

describe(notificationFor, () => {
  it('asks for a corrected file where sending the message back cannot help', () => {
    for (const code of ['not-text', 'corrupt-compression', 'unsupported-encoding']) {
      expect(mailOf(code)).toContain('Sending it back cannot help: upload a corrected file.');
      expect(mailOf(code)).not.toContain('send the message back');
    }
  });

  it('says what to do before the message is sent back, where that can help', () => {
    expect(mailOf('archived')).toContain(
      'The message is in the dead-letter queue, with this reason. Restore the object, then send the message back to the jobs queue.',
    );
  });
});

describe(quarantineNotification, () => {
  it.each([
    ['not-json', 'Find out who sends it; delete the message.'],
    ['attempts-exhausted', 'then send the message back to the jobs queue.'],
  ])('says what to do about %s', (code, hint) => {
    const mail = quarantineNotification('m1', { code, detail: 'Detail.' }, 'failures');
    expect(mail?.text).toContain(hint);
  });
});
