import { sql } from 'drizzle-orm';
import type { Answer, Call } from './call.ts';
import { absent } from './errors.ts';

/**
 * `GET /tokens/{token}`: the number that a batch service promised. The report was stored before its token was given, so
 * the number is there at once.
 */
export async function readToken(call: Call): Promise<Answer> {
  const { rows } = await call.platform.db.execute<{ request: string }>(
    sql`select request from open311_post where token = ${call.id} and sandbox = ${call.sandbox}`,
  );
  if (!rows[0]) throw absent('token', `there is no token "${call.id.slice(0, 60)}"`);
  return {
    document: {
      root: 'service_requests',
      item: 'request',
      value: [{ service_request_id: rows[0].request, token: call.id }],
    },
  };
}
