import { sql } from 'drizzle-orm';
import type { Language, Text } from './i18n/index.ts';
import type { QuietHours } from './notify/quiet.ts';
import type { Platform } from './system.ts';
import type { Work } from './work.ts';

/** A telephone that people can call. */
export interface Phone {
  readonly number: string;
  /** Who answers, or what for. */
  readonly title: Text;
}

/** What the platform itself has to know of the city. */
export interface CityFacts {
  readonly name: Text | null;
  /** Whom to call when the pages do not work. */
  readonly phones: readonly Phone[];
  /** Addresses and networks (CIDR) that many people share: schools, offices. No limit of pages counts them. */
  readonly sharedAddresses: readonly string[];
  /** When letters that can wait are held back. */
  readonly quietHours: QuietHours;
}

interface Kept {
  readonly facts: Shown;
  readonly askedAt: number;
}

/** A change is everywhere after these milliseconds. */
const freshness = 10_000;
const kept = new WeakMap<Platform, Kept>();
type Shown = Omit<CityFacts, 'quietHours'>;
const nothing: Shown = { name: null, phones: [], sharedAddresses: [] };

/** Writes them down; the system that keeps the city's settings does it whenever they change. */
export async function describeCity(work: Work, facts: CityFacts): Promise<void> {
  const { name, phones, sharedAddresses, quietHours } = facts;
  await work.tx.execute(
    sql`update installation set city_name = ${JSON.stringify(name)}::jsonb, city_phones = ${JSON.stringify(phones)}::jsonb,
          shared_addresses = array(select jsonb_array_elements_text(${JSON.stringify(sharedAddresses)}::jsonb)),
          quiet_from = ${quietHours.from}, quiet_until = ${quietHours.until}
        where id = 1`,
  );
}

/** Asks for them where what is known is older than ten seconds; without a database what is known stays. */
export async function refreshCity(platform: Platform): Promise<void> {
  const now = platform.clock.now().getTime();
  const known = kept.get(platform);
  if (known && now - known.askedAt < freshness) return;
  // Whoever comes meanwhile is served with what is known.
  kept.set(platform, { facts: known?.facts ?? nothing, askedAt: now });
  const asked = platform.db
    .execute<{ name: Text | null; phones: Phone[]; shared: string[] }>(
      sql`select city_name as name, city_phones as phones, shared_addresses as shared from installation where id = 1`,
    )
    .then(({ rows: [row] }) =>
      kept.set(platform, {
        facts: { name: row!.name, phones: row!.phones, sharedAddresses: row!.shared },
        askedAt: now,
      }),
    )
    .catch(() => {});
  if (!known) await asked;
}

const factsOf = (platform: Platform): Shown => kept.get(platform)?.facts ?? nothing;

/** The city's name as it was last asked for; nothing while the city has none. */
export function cityName(platform: Platform, language: Language): string | undefined {
  return factsOf(platform).name?.[language];
}

/** Whom to call, as it was last asked for: known also while the database is away. */
export function cityPhones(platform: Platform): readonly Phone[] {
  return factsOf(platform).phones;
}

/** The addresses that no limit of pages counts, as they were last asked for. */
export function sharedAddresses(platform: Platform): readonly string[] {
  return factsOf(platform).sharedAddresses;
}
