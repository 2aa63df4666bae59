import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumBinary } from '../../tools/generate-checksum.ts';
import { systemClock } from '../clock/index.ts';
import { Crc64Nvme, FAST_CHECKSUMS } from './crc64-nvme.ts';
import { createS3ObjectStore } from './index.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The definition, bit by bit. */
function slowly(bytes: Uint8Array): string {
  let crc = 2n ** 64n - 1n;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
  }
  return (crc ^ (2n ** 64n - 1n)).toString(16).padStart(16, '0');
}

describe(Crc64Nvme, () => {
  it('gives the check value of CRC-64/NVME', async () => {
    const checksum = new Crc64Nvme();
    checksum.update('123456789');
    expect(hex(await checksum.digest())).toBe('ae8b14860a799888');
  });

  it('gives the same for any bytes in any pieces, several at once', async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(pieces, pieces, async (one, two) => {
        const checksums = [new Crc64Nvme(), new Crc64Nvme()] as const;
        for (let index = 0; index < 8; index += 1) {
          checksums[0].update(one[index] ?? '');
          checksums[1].update(two[index] ?? '');
        }
        expect(hex(await checksums[0].digest())).toBe(slowly(Buffer.concat(one)));
        expect(hex(await checksums[1].digest())).toBe(slowly(Buffer.concat(two)));
        checksums[0].reset();
        expect(hex(await checksums[0].digest())).toBe(slowly(Buffer.alloc(0)));
      }),
    );
  });

  it('takes a piece that is larger than its memory', async () => {
    const bytes = Buffer.alloc(200_001, createHash('sha256').update('seed').digest());
    const checksum = new Crc64Nvme();
    checksum.update(bytes);
    expect(hex(await checksum.digest())).toBe(slowly(bytes));
  });

  it('is compiled from what is reviewed; run "npm run generate" after a change', async () => {
    const generated = readFileSync(new URL('generated/crc64-nvme-binary.ts', import.meta.url), 'utf8');
    expect(generated).toBe(await checksumBinary());
  });
});

/* As S3 serves objects that were uploaded without another checksum. No emulator does. */
describe('reading an object that carries CRC64NVME', () => {
  const body = Buffer.alloc(300_000, 'to be or not to be. ');
  let server: Server;
  let client: S3Client;
  let stated = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      const asked = request.headers['x-amz-checksum-mode'] === 'ENABLED';
      if (asked) response.setHeader('x-amz-checksum-crc64nvme', stated);
      response.setHeader('x-amz-checksum-type', 'FULL_OBJECT');
      response.setHeader('etag', '"e"');
      response.end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...FAST_CHECKSUMS,
    });
  });
  afterAll(async () => {
    client.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  async function read(): Promise<Buffer> {
    const store = createS3ObjectStore({ client, clock: systemClock });
    const { bytes } = await store.read({ bucket: 'texts', key: 'a.txt' });
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
  const checksumOf = async (bytes: Uint8Array): Promise<string> => {
    const checksum = new Crc64Nvme();
    checksum.update(bytes);
    return Buffer.from(await checksum.digest()).toString('base64');
  };

  it('accepts the right checksum', async () => {
    stated = await checksumOf(body);
    expect((await read()).equals(body)).toBe(true);
  });

  it('refuses a wrong one, so that the object is read again', async () => {
    const other = Buffer.from(body);
    other[150_000] = (other[150_000] ?? 0) ^ 1;
    stated = await checksumOf(other);
    await expect(read()).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: /checksum/i,
    });
  });
});
