import { sql } from 'drizzle-orm';
import type { JobDefinition } from '../system.ts';

/** Repeated requests get their first answer for so long. */
const answersKept = 48 * 3_600_000;

/** Removes what is worth nothing any more: sessions and codes that are over, forms nobody came back to, old answers. */
export const forgetExpiredJob: JobDefinition = {
  name: 'platform.forget-expired',
  schedule: '11 * * * *',
  async run({ db, clock }) {
    const now = clock.now();
    const at = now.toISOString();
    // An hour longer: a form kept after its end still asks whose session it was.
    const hourAgo = new Date(now.getTime() - 3_600_000).toISOString();
    await db.execute(sql`delete from session where expires_at < ${hourAgo}`);
    await db.execute(sql`delete from contact_code where expires_at < ${hourAgo}`);
    await db.execute(sql`delete from data_export where expires_at < ${at}`);
    await db.execute(sql`delete from kept_form where expires_at < ${at}`);
    const old = new Date(now.getTime() - answersKept).toISOString();
    await db.execute(sql`delete from idempotency where created_at < ${old}`);
  },
};
