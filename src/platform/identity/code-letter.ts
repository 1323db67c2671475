import { sql } from 'drizzle-orm';
import { placeOf, standardLog } from '../http/log.ts';
import { type Mailer, MailRefused } from '../notify/mailer.ts';
import type { Platform } from '../system.ts';

/**
 * Sends a code that was made just now. One that the mail server did not take is forgotten, so that it does not count among the
 * codes of the hour.
 *
 * @returns whether it went out; `refused`: the server does not take letters to this address, `away`: trying again helps.
 */
export async function sendCode(
  platform: Pick<Platform, 'db'>,
  mailer: Mailer,
  made: { readonly id: string; readonly to: string },
  letter: { readonly subject: string; readonly text: string },
): Promise<'sent' | 'refused' | 'away'> {
  try {
    await mailer.send({ to: made.to, ...letter });
    return 'sent';
  } catch (error) {
    standardLog({ level: 'warn', event: 'code-not-sent', at: placeOf(error) });
    await platform.db.execute(sql`delete from contact_code where id = ${made.id}`);
    return error instanceof MailRefused ? 'refused' : 'away';
  }
}
