import { sql } from 'drizzle-orm';
import type { Reader } from '../database/pool.ts';

const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Kyiv',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Full hours by the clock of the city, over midnight when `from` is the later one; the same hour twice: never. */
export interface QuietHours {
  readonly from: number;
  readonly until: number;
}

/** When people are left alone, as the city has decided. */
export async function quietHours(reader: Reader): Promise<QuietHours> {
  const { rows } = await reader.execute<QuietHours & Record<string, unknown>>(
    sql`select quiet_from as from, quiet_until as until from installation where id = 1`,
  );
  return rows[0]!;
}

/** Whether people are left alone now. */
export function isQuiet({ from, until }: QuietHours, instant: Date): boolean {
  const hour = localHour(instant);
  return from > until ? hour >= from || hour < until : hour >= from && hour < until;
}

/** The instant itself, or the end of the quiet hours it falls into. */
export function afterQuiet(hours: QuietHours, instant: Date): Date {
  if (!isQuiet(hours, instant)) return instant;
  // In steps of the whole hour by the local clock, so the nights when clocks change come out right.
  let at = new Date(Math.floor(instant.getTime() / 3_600_000) * 3_600_000);
  do at = new Date(at.getTime() + 3_600_000);
  while (isQuiet(hours, at));
  return at;
}

function localHour(instant: Date): number {
  return Number(parts.format(instant).slice(11, 13));
}
