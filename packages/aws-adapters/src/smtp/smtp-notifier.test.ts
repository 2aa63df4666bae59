import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { notifierContract, sampleNotification } from '../testing/index.ts';
import { createSmtpNotifier } from './index.ts';

interface Mail {
  readonly to: readonly string[];
  readonly raw: string;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A real SMTP server on the loopback interface, and a notifier that uses it. */
async function start(options: SMTPServerOptions = {}, mails: Mail[] = []) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, raw: Buffer.concat(chunks).toString() });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const address = `127.0.0.1:${port}`;
  const people = ['a@example.org', 'b@example.org'];
  const notifier = createSmtpNotifier({
    server: `smtp://${address}`,
    from: 'Word frequencies <wordfreq@example.org>',
    to: { 'job-finished': people, 'job-failed': people, 'message-quarantined': people, digest: people },
  });
  return { notifier, address, mails, stop };
}

function header(raw: string, name: string): string | undefined {
  const unfolded = raw.split('\r\n\r\n')[0]?.replace(/\r\n[ \t]+/g, ' ') ?? '';
  return unfolded
    .split('\r\n')
    .find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
    ?.slice(name.length + 2);
}

function text(raw: string): string {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '');
  const encoding = header(raw, 'Content-Transfer-Encoding');
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString().replaceAll('\r\n', '\n');
  if (encoding !== 'quoted-printable') return body.replaceAll('\r\n', '\n');
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString().replaceAll('\r\n', '\n');
}

describe(createSmtpNotifier, () => {
  notifierContract({ describe, it }, async () => {
    const { notifier, mails, stop } = await start();
    const received = async () =>
      mails.map(({ raw }) => ({ subject: header(raw, 'Subject') ?? '', text: text(raw) }));
    return { notifier, received, dispose: stop };
  });

  it('tells everybody, and nobody who else was told', async () => {
    const { notifier, mails, stop } = await start();
    stops.push(stop);
    await notifier.notify(sampleNotification());
    expect(mails.map(({ to }) => to)).toEqual([['a@example.org', 'b@example.org']]);
    expect(mails[0]?.raw).not.toContain('a@example.org');
  });

  it('gives a repetition the same Message-ID, and another notification another one', async () => {
    const { notifier, mails, stop } = await start();
    stops.push(stop);
    for (const id of ['1', '1', '2']) await notifier.notify(sampleNotification({ id }));
    const [first, again, other] = mails.map(({ raw }) => header(raw, 'Message-ID'));
    expect(first).toMatch(/^<[0-9a-f]{40}@example\.org>$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('lets no subject add a header', async () => {
    const { notifier, mails, stop } = await start();
    stops.push(stop);
    await notifier.notify(sampleNotification({ subject: `a\r\nBcc: evil@example.org${'x'.repeat(200)}` }));
    expect(mails[0]?.to).not.toContain('evil@example.org');
    expect(header(mails[0]?.raw ?? '', 'Subject')).toMatch(/^a\?Bcc: evil@example\.orgx+$/);
    expect(header(mails[0]?.raw ?? '', 'Bcc')).toBeUndefined();
  });

  it('tells nobody of a kind without addresses', async () => {
    const { address, mails, stop } = await start();
    stops.push(stop);
    const server = `smtp://${address}`;
    await createSmtpNotifier({ server, from: 'x@example.org', to: {} }).notify(sampleNotification());
    expect(mails).toEqual([]);
  });

  it.each([
    [550, 'invalid', false],
    [451, 'unavailable', true],
  ])('takes the answer %i for %s', async (responseCode, code, retryable) => {
    const refusal = Object.assign(new Error('No.'), { responseCode });
    const { notifier, stop } = await start({ onRcptTo: (_address, _session, done) => done(refusal) });
    stops.push(stop);
    await expect(notifier.notify(sampleNotification())).rejects.toMatchObject({ code, retryable });
  });

  it('says unavailable when there is no server', async () => {
    const { notifier, stop } = await start();
    await stop();
    await expect(notifier.notify(sampleNotification())).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says access-denied when the server does not take the password', async () => {
    const { mails, stop, address } = await start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Invalid password')),
    });
    stops.push(stop);
    const notifier = createSmtpNotifier({
      server: `smtp://user:wrong@${address}`,
      from: 'x@example.org',
      to: { 'job-failed': ['a@example.org'] },
    });
    await expect(notifier.notify(sampleNotification())).rejects.toMatchObject({ code: 'access-denied' });
    expect(mails).toEqual([]);
  });

  it('does not keep waiting for a server once the signal fires', async () => {
    const abort = new AbortController();
    const { notifier, stop } = await start({
      onMailFrom: (_address, _session, done) => {
        abort.abort();
        setTimeout(done, 100);
      },
    });
    stops.push(stop);
    const sending = notifier.notify(sampleNotification(), { signal: abort.signal });
    await expect(sending).rejects.toMatchObject({ code: 'aborted' });
  });
});
