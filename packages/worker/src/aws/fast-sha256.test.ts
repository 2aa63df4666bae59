import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FAST_SIGNATURES } from './fast-sha256.ts';

const { sha256: Sha256 } = FAST_SIGNATURES;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const BYTES = new Uint8Array([0, 1, 2, 250, 255]);

describe('SHA-256 for signatures', () => {
  it('hashes text and bytes of any kind as one message', async () => {
    const hash = new Sha256();
    hash.update('grüße');
    hash.update(BYTES.subarray(1, 4));
    hash.update(BYTES.slice(4).buffer);
    const expected = createHash('sha256').update('grüße').update(BYTES.subarray(1, 5)).digest('hex');
    expect(hex(await hash.digest())).toBe(expected);
  });

  it.each([
    ['text', 'AWS4sécret'],
    ['bytes', BYTES],
    ['a part of bytes', BYTES.subarray(2)],
    ['a buffer', BYTES.slice().buffer],
    ['nothing, as a key', ''],
  ])('makes an HMAC with a secret that is %s', async (_, secret) => {
    const hash = new Sha256(secret);
    hash.update('message');
    const key = secret instanceof ArrayBuffer ? new Uint8Array(secret) : secret;
    expect(hex(await hash.digest())).toBe(createHmac('sha256', key).update('message').digest('hex'));
  });

  it('starts over when it is reset, with the same secret', async () => {
    const hash = new Sha256('secret');
    hash.update('forgotten');
    hash.reset();
    hash.update('message');
    expect(hex(await hash.digest())).toBe(createHmac('sha256', 'secret').update('message').digest('hex'));
  });
});
