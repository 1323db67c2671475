import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';

/** Codes of the EU list `data-theme` by the ids of groups. */
export async function readThemes(reader: Reader): Promise<Map<string, string>> {
  const { rows } = await reader.execute<{ id: string; theme: string }>(
    sql`select id, theme from od_group where theme is not null`,
  );
  return new Map(rows.map(({ id, theme }) => [id, theme]));
}
