import { sql } from 'drizzle-orm';
import type { Handler } from 'hono';
import { liveStream } from '#platform/events/stream.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { typedNumber } from './text.ts';

/**
 * `/contact-centre/requests/{number}/live`: server-sent events of a published request, for pages and programs that stay
 * open beside it. Only the names of the events; what has changed stands on the page itself. A request that is hidden, or
 * that does not exist, is equally silent.
 */
export function live(platform: Platform): Handler<MistoEnv> {
  return liveStream(
    platform,
    (c) => [`request:${typedNumber(c.req.param('number') ?? '')}`],
    async (event) => {
      const { rows } = await platform.db.execute(
        sql`select 1 from cc_request where number = ${event.topic!.slice('request:'.length)} and publication = 'published'`,
      );
      return rows.length === 1;
    },
  );
}
