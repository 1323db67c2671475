import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Text } from '#platform/i18n/index.ts';

/** What an operator tells of a house: who keeps it, who works there under a contract, and their duty phones. */
export interface House {
  readonly id: string;
  readonly address: string;
  readonly district: string;
  readonly lat: number;
  readonly lon: number;
  readonly flats: number | null;
  readonly owner: { readonly name: Text; readonly dutyPhone: string | null } | null;
  readonly contracts: readonly {
    readonly branch: string;
    readonly number: string;
    readonly holder: Text;
    readonly dutyPhone: string | null;
  }[];
}

/** The house with the contracts that are valid that day; null when the city has no such house. */
export async function houseOf(reader: Reader, building: string, now: Date): Promise<House | null> {
  const day = localDate(now);
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select b.id, b.address, b.district, b.lat, b.lon, b.flats, o.name as owner, o.duty_phone,
      (select coalesce(jsonb_agg(jsonb_build_object('branch', c.branch, 'number', c.number, 'holder', h.name,
          'dutyPhone', h.duty_phone) order by c.branch, c.number), '[]')
        from cc_contract c join cc_organisation h on h.id = c.organisation
        where c.building = b.id and c.valid_from <= ${day}::date and (c.valid_to is null or c.valid_to >= ${day}::date)) as contracts
    from cc_building b left join cc_organisation o on o.id = b.owner where b.id = ${building}`);
  const row = rows[0];
  if (!row) return null;
  return {
    id: String(row.id),
    address: String(row.address),
    district: String(row.district),
    lat: Number(row.lat),
    lon: Number(row.lon),
    flats: row.flats === null ? null : Number(row.flats),
    owner: row.owner
      ? { name: row.owner as Text, dutyPhone: row.duty_phone === null ? null : String(row.duty_phone) }
      : null,
    contracts: row.contracts as House['contracts'],
  };
}
