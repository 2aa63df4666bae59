import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
});
