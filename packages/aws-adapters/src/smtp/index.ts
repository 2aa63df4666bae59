export {
  createSmtpNotifier,
  type MailTransport,
  type SmtpMail,
  type SmtpNotifierOptions,
} from './smtp-notifier.ts';
