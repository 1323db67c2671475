import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';

/** What has a name that stands in addresses. */
export type Named = 'dataset' | 'organization' | 'group';

/** Keeps a name that something had until now, so that its old address leads on. */
export async function keepName(work: Work, kind: Named, object: string, name: string): Promise<void> {
  await work.tx.execute(sql`
    insert into od_former_name (kind, name, object) values (${kind}, ${name}, ${object})
    on conflict (kind, name) do update set object = excluded.object`);
}

/** The id of what was called so last; null: nothing was. Whoever bears the name now comes first: ask for that before. */
export async function formerlyCalled(reader: Reader, kind: Named, name: string): Promise<string | null> {
  const { rows } = await reader.execute<{ object: string }>(formerName(kind, name));
  return rows[0]?.object ?? null;
}

/** The same as a part of a question. */
export const formerName = (kind: Named, name: string): SQL =>
  sql`select object from od_former_name where kind = ${kind} and name = ${name}`;
