import { readFileSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import type { Config } from '../config/index.ts';
import type { Platform } from '../system.ts';
import { withBreaker } from './breaker.ts';
import { type Mailer, type SmtpOptions, smtpMailer } from './mailer.ts';

/**
 * What carries this installation's letters: SMTP where it is set; in demo and test without it the letters are kept and
 * shown. null: no letters go out, and nothing that needs them is offered.
 */
export function mailerOf(platform: Pick<Platform, 'config' | 'db' | 'clock'>): Mailer | null {
  const { config } = platform;
  if (config.smtpUrl) {
    // One for all of the process: what one letter learns of the server holds for the next.
    const mailer =
      mailers.get(config) ?? withBreaker(smtpMailer(config.smtpUrl, config.mailFrom, smtpOptionsOf(config)));
    mailers.set(config, mailer);
    return mailer;
  }
  return config.mode === 'production' ? null : keepingMailer(platform);
}

function smtpOptionsOf({ mailBounces, dkim }: Config): SmtpOptions {
  return {
    bounces: mailBounces,
    dkim: dkim && { selector: dkim.selector, privateKey: readFileSync(dkim.keyFile, 'utf8') },
  };
}

const mailers = new WeakMap<Config, Mailer>();

/** Takes letters to be looked at instead of sending them. */
export function keepingMailer(platform: Pick<Platform, 'db' | 'clock'>): Mailer {
  return {
    async send(mail) {
      await platform.db.execute(
        sql`insert into kept_mail (address, subject, body, at)
            values (${mail.to}, ${mail.subject}, ${mail.text}, ${platform.clock.now().toISOString()})`,
      );
    },
  };
}

export interface KeptMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly at: Date;
}

/** The letters that were kept, newest first. */
export async function keptMail(platform: Pick<Platform, 'db'>, limit = 50): Promise<KeptMail[]> {
  const { rows } = await platform.db.execute<{
    id: string;
    address: string;
    subject: string;
    body: string;
    at: string;
  }>(
    sql`select id, address, subject, body, at from kept_mail order by id desc limit ${Math.min(limit, 200)}`,
  );
  return rows.map((row) => ({
    id: row.id,
    to: row.address,
    subject: row.subject,
    text: row.body,
    at: new Date(row.at),
  }));
}
