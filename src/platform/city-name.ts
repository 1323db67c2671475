import { sql } from 'drizzle-orm';
import type { Language, Text } from './i18n/index.ts';
import type { Platform } from './system.ts';
import type { Work } from './work.ts';

/** A telephone that people can call. */
export interface Phone {
  readonly number: string;
  /** Who answers, or what for. */
  readonly title: Text;
}

interface Kept {
  name: Text | null;
  phones: readonly Phone[];
  askedAt: number;
}

/** A new name is everywhere after these milliseconds. */
const freshness = 10_000;
const kept = new WeakMap<Platform, Kept>();

/** Writes down how the city is called, for the head of every page, and whom to call when the pages do not work. */
export async function nameCity(work: Work, name: Text, phones: readonly Phone[]): Promise<void> {
  await work.tx.execute(sql`update installation set city_name = ${JSON.stringify(name)}::jsonb,
    city_phones = ${JSON.stringify(phones)}::jsonb where id = 1`);
}

/** Asks for the city's name and telephones where what is known of them is older than ten seconds; without a database what is known stays. */
export async function refreshCityName(platform: Platform): Promise<void> {
  const now = platform.clock.now().getTime();
  const known = kept.get(platform);
  if (known && now - known.askedAt < freshness) return;
  // Whoever comes meanwhile is served with what is known.
  kept.set(platform, { name: known?.name ?? null, phones: known?.phones ?? [], askedAt: now });
  const asked = platform.db
    .execute<{ name: Text | null; phones: readonly Phone[] }>(
      sql`select city_name as name, city_phones as phones from installation where id = 1`,
    )
    .then(({ rows }) =>
      kept.set(platform, { name: rows[0]?.name ?? null, phones: rows[0]?.phones ?? [], askedAt: now }),
    )
    .catch(() => {});
  if (!known) await asked;
}

/** The city's name as it was last asked for; nothing while the city has none. */
export function cityName(platform: Platform, language: Language): string | undefined {
  return kept.get(platform)?.name?.[language];
}

/** Whom to call, as it was last asked for: known also while the database is away. */
export function cityPhones(platform: Platform): readonly Phone[] {
  return kept.get(platform)?.phones ?? [];
}
