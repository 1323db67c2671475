import { createTransport } from 'nodemailer';

/** One letter, already in the language of its reader. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Stays the same when the same letter is tried again, so a mail server or reader can drop the second. */
  readonly messageId?: string;
  /** Address that ends the subscription in one click (RFC 8058): only for news. */
  readonly unsubscribeUrl?: string;
  /** Asks the mail servers to say when it has arrived (RFC 3461): for what the law wants sent. */
  readonly proof?: boolean;
}

/** By what receivers know that a letter is the sender's own (RFC 6376). */
export interface Dkim {
  /** Stands in the DNS before `._domainkey.` and the domain of the sender's address. */
  readonly selector: string;
  /** PEM of an RSA key. */
  readonly privateKey: string;
}

export interface SmtpOptions {
  /** Where letters that cannot be delivered go back to: the sender's address unless given. */
  readonly bounces?: string | null;
  readonly dkim?: Dkim | null;
}

/** What carries letters. */
export interface Mailer {
  /** @throws when the letter was not taken; the caller tries again later. */
  send(mail: Mail): Promise<void>;
}

/** A refusal that will not pass by waiting: the address does not exist, the letter is not accepted. */
export class MailRefused extends Error {
  override name = 'MailRefused';
}

/** The server took the whole letter and then fell silent: it may have gone out, and a second try might double it. */
export class MailUncertain extends Error {
  override name = 'MailUncertain';
}

/**
 * Sends over SMTP.
 *
 * @param url such as `smtp://user:secret@mail.example:587`; `smtps:` for TLS from the first byte.
 * @param from the sender's address.
 */
export function smtpMailer(url: string, from: string, { bounces, dkim }: SmtpOptions = {}): Mailer {
  const transport = createTransport({
    url,
    ...(dkim && {
      dkim: { domainName: from.split('@').at(-1)!, keySelector: dkim.selector, privateKey: dkim.privateKey },
    }),
    dnsTimeout: 5_000,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
  });
  return {
    async send(mail) {
      const { unsubscribeUrl } = mail;
      try {
        await transport.sendMail({
          from,
          to: mail.to,
          ...(bounces && { envelope: { from: bounces, to: mail.to } }),
          ...(mail.proof && { dsn: { return: 'headers', notify: ['success', 'failure'] } }),
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          messageId: mail.messageId,
          disableFileAccess: true,
          disableUrlAccess: true,
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribeUrl && {
              'List-Unsubscribe': `<${unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
        });
      } catch (error) {
        const { responseCode: code, command } = error as { responseCode?: number; command?: string };
        if (!code && command === 'DATA') throw new MailUncertain((error as Error).message, { cause: error });
        if (code && code >= 500) throw new MailRefused((error as Error).message, { cause: error });
        throw error;
      }
    },
  };
}
