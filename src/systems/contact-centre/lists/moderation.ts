import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor } from '#platform/work.ts';
import { permission } from '../permissions.ts';
import { scopeWhere } from '../scope.ts';
import {
  afterCreated,
  columns,
  type DeskRow,
  joins,
  type Listed,
  limitOf,
  listed,
  type Page,
  type Raw,
  toDesk,
} from './rows.ts';

export interface ModerationRow extends DeskRow {
  readonly publication: string;
  /** Photos at which nobody has looked. */
  readonly photosWaiting: number;
}

/** Requests whose words, or photos, no moderator has seen; as `r`. */
const moderated = sql`(
  select number as waiting from cc_request where publication = 'awaiting' and not sandbox and not private
  union
  select d.number from cc_request d join cc_photo p on p.request = d.number
    where d.publication = 'published' and not d.sandbox and not d.private and p.moderated_at is null and not p.public
) w join cc_request r on r.number = w.waiting`;

/** How many wait for a moderator where the actor may see requests at all. */
export async function moderationSize(reader: Reader, actor: Actor): Promise<number> {
  const { rows } = await reader.execute<{ n: number }>(
    sql`select count(*)::int as n from ${moderated} where ${scopeWhere(actor, permission('read_desk'))}`,
  );
  return Number(rows[0]!.n);
}

/** Words and photos that wait for a moderator, oldest first. */
export async function moderationList(
  reader: Reader,
  actor: Actor,
  page: Page = {},
): Promise<Listed<ModerationRow>> {
  const limit = limitOf(page);
  const { rows } = await reader.execute<Raw>(sql`
    select ${columns(actor)}, r.created_at::text as key, r.publication,
      (select count(*)::int from cc_photo p where p.request = r.number and p.moderated_at is null and not p.public) as photos
    from ${moderated} ${joins}
    where ${scopeWhere(actor, permission('publish'))} and ${afterCreated(page)}
    order by r.created_at, r.number limit ${limit + 1}`);
  return listed(rows, limit, (row) => ({
    ...toDesk(row),
    publication: String(row.publication),
    photosWaiting: Number(row.photos),
  }));
}
