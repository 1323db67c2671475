import { sql } from 'drizzle-orm';
import type { Work } from '../work.ts';

/**
 * Puts an event out in the transaction of the change it tells of. It is delivered at least once, in order, after commit.
 *
 * @param name `system.thing.happened`, such as `contact-centre.request.claimed`.
 * @param payload plain JSON, ids and codes only: no personal data travels in events.
 * @param topic what live pages subscribe to, such as `request:26483729153`.
 */
export async function emit(
  work: Work,
  name: string,
  payload: Record<string, unknown>,
  topic?: string,
): Promise<void> {
  await work.tx.execute(
    sql`insert into outbox (name, topic, payload, occurred_at)
        values (${name}, ${topic ?? null}, ${JSON.stringify(payload)}::jsonb, ${work.clock.now().toISOString()}::timestamptz)`,
  );
}
