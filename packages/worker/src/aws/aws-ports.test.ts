import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Crc64Nvme } from '@org/wordfreq-aws-adapters/s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { type AwsPorts, connectToAws } from './aws-ports.ts';

let server: Server;
let ports: AwsPorts;

beforeEach(async () => {
  // Says that 100 bytes will come, sends one of them, and keeps the connection open.
  server = createServer((_, response) => response.writeHead(200, { 'content-length': '100' }).write('{'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  ports = connectToAws(
    readConfig({
      S3_FORCE_PATH_STYLE: 'true',
      JOBS_QUEUE_URL: `${endpoint}/jobs`,
      DEAD_LETTER_QUEUE_URL: `${endpoint}/dead-letters`,
      RESULTS_QUEUE_URL: `${endpoint}/results`,
      RESULTS_TABLE: 'results',
      PROCESSING_BUCKET: 'processing',
      RESULTS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:results',
      FAILURES_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:failures',
    }),
    200,
  );
});
afterEach(() => {
  ports.close();
  server.closeAllConnections();
  server.close();
  vi.unstubAllEnvs();
});

describe(connectToAws, () => {
  it.each<readonly [string, () => Promise<unknown>]>([
    [
      'DynamoDB',
      () => ports.results.find({ jobId: 'job', object: { bucket: 'bucket', key: 'key', eTag: 'tag' } }),
    ],
    ['SQS', () => ports.queue.depth()],
  ])('gives up a response of %s that stops in the middle, as an outage', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('checks what S3 says of an object without a checksum of its own, and not in the SDK’s JavaScript', async () => {
    const update = vi.spyOn(Crc64Nvme.prototype, 'update');
    server.removeAllListeners('request');
    server.on('request', (_, response) => {
      // Of other bytes.
      response.setHeader('x-amz-checksum-crc64nvme', 'AAAAAAAAAAA=');
      response.setHeader('etag', '"e"');
      response.end(Buffer.alloc(300_000, 'to be or not to be. '));
    });
    const { bytes } = await ports.objects.read({ bucket: 'texts', key: 'a.txt' });
    const reading = async (): Promise<void> => {
      for await (const chunk of bytes) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(reading()).rejects.toMatchObject({ code: 'unavailable', message: /checksum/i });
    expect(update).toHaveBeenCalled();
  });
});
