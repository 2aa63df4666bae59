import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { AdapterError } from '../errors/index.ts';
import type { Notification, NotificationKind, Notifier, PortErrorCode } from '../ports/index.ts';

/** A mail, as nodemailer takes it. */
export interface SmtpMail {
  readonly from: string;
  readonly bcc: string[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly headers: Record<string, string>;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** What is used of a transport that nodemailer's `createTransport` makes. */
export interface MailTransport {
  sendMail(mail: SmtpMail): Promise<unknown>;
}

/** Who is told of what, and by which server: its address, or a transport of your own. */
export type SmtpNotifierOptions = {
  /** The sender's address. */
  readonly from: string;
  /** A kind without an address is not announced. */
  readonly to: Readonly<Partial<Record<NotificationKind, readonly string[]>>>;
} & (
  | {
      /** Such as `smtps://user:password@mail.example.org`. */
      readonly server: string;
      readonly transport?: never;
    }
  | { readonly transport: MailTransport; readonly server?: never }
);

/** Longer subjects are cut, as SNS would refuse them. */
const MAX_SUBJECT_LENGTH = 99;

/** How nodemailer names what went wrong before the server could say anything. */
const CODE_OF: ReadonlyMap<unknown, PortErrorCode> = new Map<unknown, PortErrorCode>([
  ['EAUTH', 'access-denied'],
  ['ENOAUTH', 'access-denied'],
  ['EENVELOPE', 'invalid'],
  ['EMESSAGE', 'invalid'],
]);

/**
 * Creates a notifier over e-mail, for people without SNS. The same notification always has the same Message-ID, so that
 * a mail program can drop a repetition.
 *
 * @example
 * const notifier = createSmtpNotifier({
 *   server: 'smtps://user:password@mail.example.org',
 *   from: 'wordfreq@example.org',
 *   to: { 'job-failed': ['ops@example.org'] },
 * });
 */
export function createSmtpNotifier(options: SmtpNotifierOptions): Notifier {
  const { from, to } = options;
  const transport: MailTransport = options.transport ?? createTransport(options.server);
  return {
    async notify(notification, { signal } = {}) {
      const addresses = to[notification.kind] ?? [];
      if (addresses.length === 0) return;
      refuseAborted(signal);
      try {
        await unlessAborted(transport.sendMail(toMail(notification, from, addresses)), signal);
      } catch (error) {
        throw toSmtpError(error, notification);
      }
    },
  };
}

function toMail(notification: Notification, from: string, addresses: readonly string[]): SmtpMail {
  return {
    from,
    // Blind copies: those who are told do not learn each other's addresses.
    bcc: [...addresses],
    subject: plainSubject(notification.subject),
    text: notification.text,
    messageId: messageIdOf(notification, from),
    headers: { 'Auto-Submitted': 'auto-generated' },
    // Texts quote keys of strangers: none of it may read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function plainSubject(subject: string): string {
  const ascii = subject.replace(/[^\x20-\x7E]+/g, '?').trim();
  return ascii.slice(0, MAX_SUBJECT_LENGTH).trim() || 'Notification';
}

function messageIdOf({ kind, id }: Notification, from: string): string {
  const name = createHash('sha256')
    .update(JSON.stringify([kind, id]))
    .digest('hex');
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
  return `<${name.slice(0, 40)}@${domain}>`;
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AdapterError('aborted', 'The caller aborted the call.');
}

/** nodemailer cannot end a delivery half-way, but its caller need not wait for it. */
async function unlessAborted(delivery: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return void (await delivery);
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(new AdapterError('aborted', 'The caller aborted the call.'));
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([delivery, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A 5xx answer is for good, a 4xx answer for now (RFC 5321, 4.2.1); without an answer it was the network. */
function toSmtpError(error: unknown, { kind }: Notification): AdapterError {
  if (error instanceof AdapterError) return error;
  const { code, responseCode, message } = error as {
    code?: unknown;
    responseCode?: number;
    message?: string;
  };
  const permanent = responseCode === undefined || responseCode >= 500;
  const known = permanent ? CODE_OF.get(code) : undefined;
  const answered = responseCode !== undefined && responseCode >= 500 ? 'invalid' : 'unavailable';
  return new AdapterError(known ?? answered, `Could not mail a ${kind} notification: ${message}`, {
    cause: error,
  });
}
