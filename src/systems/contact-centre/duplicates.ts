import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { pointText, toMetres } from '#platform/geo/index.ts';
import type { Position } from './city-data.ts';
import type { Closing, State } from './states.ts';

export interface NearbyInput {
  readonly point: { readonly lat: number; readonly lon: number };
  /** Leaves of one group count as duplicates of each other. */
  readonly group: string;
  readonly now: Date;
  /** Centre of the city, from which local metres are counted. */
  readonly centre: Position;
  /** Metres; the leaf's own, 250 unless told. */
  readonly radius?: number;
  readonly limit?: number;
  /** The request whose doubles are sought. */
  readonly except?: string;
  /** For staff: real places, words as written, and what the public may not see. */
  readonly desk?: boolean;
}

/** A report of the same kind close by, as shown to one who is about to make another. */
export interface Nearby {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly category: string;
  /** Null until a moderator let it out. */
  readonly text: string | null;
  readonly address: string | null;
  /** Metres. */
  readonly distance: number;
  readonly createdAt: Date;
  /** Milliseconds since it was registered. */
  readonly age: number;
  /** Id of the first photo that may be shown. */
  readonly photo: string | null;
  readonly reporters: number;
}

/**
 * The published place may be moved away from the real one. Searching the real ones this much wider keeps anybody from
 * finding the real place by trying points until the report disappears.
 */
const published = 500;

/** Requests of the group around the point, nearest first: open, or closed so lately that neighbours may still mean them. */
export async function nearby(reader: Reader, input: NearbyInput): Promise<Nearby[]> {
  const { group, now, desk = false } = input;
  const radius = input.radius ?? 250;
  const limit = Math.min(Math.max(input.limit ?? 5, 1), 100);
  const at = pointText(toMetres(input.centre, input.point));
  const reach = `<${at},${desk ? radius : radius + published}>`;
  const place = desk ? sql`r.place` : sql`r.public_place`;
  const visible = desk
    ? sql`true`
    : sql`r.publication in ('published', 'awaiting') and r.regime = 'service' and not r.private
        and r.public_place <@ ${`<${at},${radius}>`}::circle`;
  const { rows } = await reader.execute<Row>(sql`
    select r.number, r.state, r.closing, r.category, r.reporters, r.created_at,
      ${desk ? sql`r.text` : sql`case when r.publication = 'published' then r.public_text end`} as text,
      ${desk ? sql`r.address` : sql`r.public_address`} as address,
      ${place} <-> ${at}::point as distance,
      (select p.id from cc_photo p where p.request = r.number and p.kind = 'report'
          and (${desk} or (p.public and r.publication = 'published'))
        order by p.at, p.id limit 1) as photo
    from cc_request r
    where r.duplicate_group = ${group} and r.place <@ ${reach}::circle
      and r.nearby_until > ${now.toISOString()}::timestamptz
      and r.place is not null and not r.sandbox and r.state <> 'merged'
      and r.number <> ${input.except ?? ''} and ${visible}
    order by distance, r.number limit ${limit}`);
  return rows.map((row) => {
    const createdAt = new Date(row.created_at);
    return {
      number: row.number,
      state: row.state,
      closing: row.closing,
      category: row.category,
      text: row.text,
      address: row.address,
      distance: Number(row.distance),
      createdAt,
      age: now.getTime() - createdAt.getTime(),
      photo: row.photo,
      reporters: Number(row.reporters),
    };
  });
}

interface Row extends Record<string, unknown> {
  number: string;
  state: State;
  closing: Closing | null;
  category: string;
  text: string | null;
  address: string | null;
  distance: number;
  created_at: string;
  photo: string | null;
  reporters: number;
}
