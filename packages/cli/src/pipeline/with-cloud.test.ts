import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runInProcess, useEmbeddedCloud } from '../../test/support/embedded-cloud.ts';
import { cloudError } from './with-cloud.ts';

const servers: Server[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

/** An endpoint that refuses everything in the same way. */
async function refusing(status: number, body: string, type = 'application/xml'): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type }).end(request.method === 'HEAD' ? undefined : body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const xml = (code: string): string => `<Error><Code>${code}</Code><Message>no</Message></Error>`;
const NAMES = { PROCESSING_BUCKET: 'texts', RESULTS_TABLE: 'results' };
const stubCredentials = (): void => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
};

describe('against the embedded services', () => {
  const embedded = useEmbeddedCloud();

  it.each([
    [
      'a missing bucket',
      ['reconcile', '--bucket', 'nowhere'],
      'no-such-bucket',
      'there is no bucket nowhere',
    ],
    [
      'a missing bucket',
      ['explain', 'a.txt', '--bucket', 'nowhere'],
      'no-such-bucket',
      'there is no bucket nowhere',
    ],
    [
      'a missing bucket',
      ['upload', 'package.json', '--bucket', 'nowhere'],
      'no-such-bucket',
      'there is no bucket nowhere',
    ],
    [
      'a missing table',
      ['results', '--results-table', 'nothing'],
      'no-such-table',
      'there is no table nothing',
    ],
    [
      'a missing table',
      ['results', 'a.txt', '--results-table', 'nothing'],
      'no-such-table',
      'there is no table nothing',
    ],
  ])('says in one sentence that there is %s: %j', async (_, args, code, message) => {
    const cwd = fileURLToPath(new URL('../..', import.meta.url));
    const given = args.map((arg) => (arg === 'package.json' ? `${cwd}package.json` : arg));
    await expect(embedded().run(given)).rejects.toMatchObject({ code, message, exitCode: 3 });
  });

  it('says that S3’s endpoint does not know DynamoDB', async () => {
    const { run, environment } = embedded();
    const endpoint = environment['AWS_ENDPOINT_URL_S3'] ?? '';
    await expect(run(['results', '--endpoint-url', endpoint])).rejects.toMatchObject({
      code: 'wrong-service',
      hint: expect.stringContaining('AWS_ENDPOINT_URL_S3'),
    });
  });

  it('says in one sentence that there is no queue', async () => {
    const queueUrl = embedded().resources.jobsQueueUrl.replace('wordfreq-jobs', 'nope');
    await expect(embedded().run(['dlq', 'list', '--dead-letter-queue-url', queueUrl])).rejects.toMatchObject({
      code: 'no-such-queue',
      message: `there is no queue ${queueUrl}`,
      exitCode: 3,
    });
  });
});

describe(cloudError, () => {
  it('says that nothing answers at the endpoint', async () => {
    stubCredentials();
    const args = ['reconcile', '--endpoint-url', 'http://127.0.0.1:9'];
    await expect(runInProcess(args, { environment: NAMES })).rejects.toMatchObject({
      code: 'unreachable',
      message: 'nothing answers at 127.0.0.1:9',
      hint: expect.stringContaining('wordfreq local'),
    });
  });

  it('says once that nothing answers, not for each file', async () => {
    stubCredentials();
    const path = fileURLToPath(new URL('../../package.json', import.meta.url));
    const args = ['upload', path, '--bucket', 'texts', '--endpoint-url', 'http://127.0.0.1:9'];
    await expect(runInProcess(args)).rejects.toMatchObject({ code: 'unreachable', exitCode: 3 });
  });

  it('says that no region was named', async () => {
    stubCredentials();
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
    await expect(runInProcess(['reconcile'], { environment: NAMES })).rejects.toMatchObject({
      code: 'no-region',
      hint: expect.stringContaining('--region'),
    });
  });

  it('says that there are no credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE'])
      vi.stubEnv(name, undefined);
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    const args = ['reconcile', '--region', 'eu-central-1', '--endpoint-url', await refusing(500, '')];
    await expect(runInProcess(args, { environment: NAMES })).rejects.toMatchObject({
      code: 'no-credentials',
      message: 'no AWS credentials were found',
      hint: expect.stringContaining('aws sso login'),
    });
  });

  it.each([
    [301, 'PermanentRedirect', 'wrong-region'],
    [400, 'AuthorizationHeaderMalformed', 'wrong-region'],
    [400, 'ExpiredToken', 'expired-credentials'],
    [403, 'InvalidAccessKeyId', 'bad-credentials'],
    [403, 'SignatureDoesNotMatch', 'bad-credentials'],
    [403, 'AccessDenied', 'access-denied'],
    [404, 'NoSuchBucket', 'no-such-bucket'],
  ])('explains S3’s %d %s as %s', async (status, name, code) => {
    stubCredentials();
    const args = ['reconcile', '--endpoint-url', await refusing(status, xml(name))];
    const error = await runInProcess(args, { environment: NAMES }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, exitCode: 3, hint: expect.stringMatching(/^[A-Z].*\.$/) });
    expect((error as Error).message).not.toMatch(/\n|\s{2}at /);
  });

  it('has a hint for errors without an explanation of their own', async () => {
    stubCredentials();
    const url = await refusing(418, xml('Teapot'));
    const args = ['count', 's3://texts/a/', '--endpoint-url', url];
    const { exitCode, notes } = await runInProcess(args, { environment: NAMES });
    expect([exitCode, notes.at(-1)]).toEqual([3, expect.stringContaining('with wordfreq doctor')]);
  });

  it('leaves other errors alone', () => {
    const error = new TypeError('x is not a function');
    expect(cloudError(error, { find: () => undefined })).toBe(error);
  });
});
