import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardServer } from './guard-server.ts';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  type PipelineResources,
  provisionPipeline,
  startEmbeddedAws,
} from './index.ts';

let aws: EmbeddedAws;
let clients: EmbeddedClients;
let resources: PipelineResources;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = createEmbeddedClients(aws);
  resources = await provisionPipeline({ aws });
});
afterAll(async () => {
  clients.destroy();
  await aws.stop();
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Not `fetch`: that does not let anybody choose `Host`, `Origin` and `Sec-Fetch-Site`. */
async function send(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  } = {},
): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = options;
  const sent = request(url, { method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=a/20260101/r/s/aws4_request, SignedHeaders=host, Signature=b';

/** A request of each service that would succeed; all are such as a web page can make a browser send. */
function requests(): readonly (readonly [name: string, url: string, Parameters<typeof send>[1] & object])[] {
  const { s3, sns, sqs, dynamodb } = aws.endpoints;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const publish = new URLSearchParams({
    Action: 'Publish',
    TopicArn: resources.resultsTopicArn,
    Message: 'm',
  });
  const put = { method: 'PUT', body: 'x' };
  const json = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' };
  const scan = { ...json, 'x-amz-target': 'DynamoDB_20120810.ListTables', 'x-amz-date': 'd' };
  return [
    ['S3, reading', `${s3}/${resources.uploadingBucket}`, {}],
    ['S3, writing', `${s3}/${resources.uploadingBucket}/a.bin`, put],
    ['SNS', sns, { method: 'POST', headers: form, body: String(publish) }],
    ['SQS', sqs, { method: 'POST', headers: json, body: '{}' }],
    [
      'DynamoDB',
      dynamodb,
      { method: 'POST', headers: { ...scan, authorization: AUTHORIZATION }, body: '{}' },
    ],
    ['DynamoDB, health', dynamodb, {}],
  ];
}

describe(guardServer, () => {
  it('lets programs through to every service, and gives no page of another origin leave to read', async () => {
    for (const [name, url, options] of requests()) {
      const { status, headers } = await send(url, options);
      expect([name, status]).toEqual([name, 200]);
      expect(Object.keys(headers).filter((header) => header.startsWith('access-control-'))).toEqual([]);
      expect(headers['content-security-policy']).toBe('sandbox');
    }
  });

  it.each([
    { host: 'evil.example' },
    { host: 'localhost.evil.example:4566' },
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
    { 'sec-fetch-site': 'same-site' },
  ])('refuses %j at every service', async (hostile) => {
    for (const [name, url, options] of requests()) {
      const { status, headers, body } = await send(url, {
        ...options,
        headers: { ...options.headers, ...hostile },
      });
      expect([name, status, body]).toEqual([name, 403, expect.stringMatching(/^Expected .*\.\n$/)]);
      expect(Object.keys(headers).filter((header) => header.startsWith('access-control-'))).toEqual([]);
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'])(
    'refuses a form that a page posts as %s, before anything reads it',
    async (type) => {
      for (const url of [aws.endpoints.s3, `${aws.endpoints.s3}/${resources.uploadingBucket}`]) {
        const headers = { 'content-type': type, origin: 'https://evil.example' };
        const body = `Action=Publish&TopicArn=${resources.failuresTopicArn}&Message=m`;
        expect(await send(url, { method: 'POST', headers, body })).toMatchObject({ status: 403 });
      }
    },
  );

  it('refuses the request by which browsers ask whether they may write', async () => {
    for (const [, url] of requests()) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'PUT' };
      expect(await send(url, { method: 'OPTIONS', headers })).toMatchObject({ status: 403 });
    }
  });

  it('knows buckets in the name of the host', async () => {
    await clients.s3.send(new CreateBucketCommand({ Bucket: 'named' }));
    const { port } = new URL(aws.endpoints.s3);
    const headers = { host: `named.localhost:${port}` };
    const url = `${aws.endpoints.s3}/a.txt`;
    expect(await send(url, { method: 'PUT', headers, body: 'text' })).toMatchObject({ status: 200 });
    const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket: 'named', Key: 'a.txt' }));
    expect(await Body?.transformToString()).toBe('text');
  });

  it('lets a large body through', async () => {
    const Body = Buffer.alloc(10_000_000, 'text ');
    await clients.s3.send(
      new PutObjectCommand({ Bucket: resources.uploadingBucket, Key: 'large.bin', Body }),
    );
  });

  it('survives clients that go away in the middle of a request', async () => {
    for (const endpoint of [aws.endpoints.s3, aws.endpoints.dynamodb]) {
      const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
      socket.write(
        'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"a"',
      );
      await once(socket, 'connect');
      // Only after the server has read the beginning is there something to go wrong.
      await send(endpoint);
      socket.resetAndDestroy();
      await send(endpoint);
    }
    for (const [name, url, options] of requests()) {
      expect([name, (await send(url, options)).status]).toEqual([name, 200]);
    }
  });

  it('ends the connection of a client whose body stalls, and not that of one who waits for the response', async () => {
    let respond = (): void => undefined;
    const server = createServer((incoming, response) => {
      incoming.resume();
      if (incoming.url === '/waits') respond = () => void response.end('done');
    });
    guardServer(server, { stallPeriodMs: 20 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const waits = send(`http://127.0.0.1:${port}/waits`, { method: 'POST', body: 'whole' });
    const socket = connect(port, '127.0.0.1');
    socket.write('PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nslow');
    await once(socket, 'close');
    respond();
    expect(await waits).toMatchObject({ status: 200, body: 'done' });
    server.close();
  });
});
