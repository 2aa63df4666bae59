import { describe, expect, it } from 'vitest';
import { messagesIn, quarantineAttributes } from './queue-message.ts';

const message = { id: 'm-1', body: '{}', receipt: 'r', receiveCount: 1, attributes: new Map() };

describe('quarantineAttributes', () => {
  it('cuts a long detail before a character of two code units, not inside it', () => {
    const detail = `${'x'.repeat(1023)}😀`;
    const attributes = quarantineAttributes(message, { code: 'not-json', detail }, new Date(0));
    expect(attributes.get('reasonDetail')).toBe('x'.repeat(1023));
  });

  it('leaves out empty values, which SQS refuses', () => {
    const attributes = quarantineAttributes(message, { code: 'not-json', detail: '' }, new Date(0));
    expect([...attributes.keys()]).toEqual(['reasonCode', 'quarantinedAt', 'originalMessageId']);
  });
});

describe('messagesIn', () => {
  it('adds up messages that wait, are in flight, and are delayed', () => {
    expect(messagesIn({ visible: 1, inFlight: 20, delayed: 300 })).toBe(321);
  });
});
