import { type SQL, sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { CitySettings } from '../city-data.ts';
import type { Call } from './call.ts';
import { formatInstant, formatMaybe } from './dates.ts';
import type { Value } from './format.ts';
import type { Key } from './keys.ts';

/** A request as it may leave the house. City and sandbox give the same columns, so every call reads both alike. */
export interface RequestRow {
  readonly [column: string]: unknown;
  readonly number: string;
  readonly service_code: string;
  readonly service_name: string;
  /** The branch of the category tree. */
  readonly branch_name: string | null;
  readonly service_notice: string | null;
  readonly status: 'open' | 'closed';
  readonly status_notes: string | null;
  readonly text: string | null;
  readonly agency: string | null;
  readonly requested_at: string;
  readonly updated_at: string;
  readonly changed_at: string;
  readonly expected_at: string | null;
  readonly closed_at: string | null;
  readonly address: string | null;
  readonly district: string | null;
  readonly address_id: string | null;
  readonly zipcode: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  /** Id of the first public photo, or in the sandbox its address. */
  readonly photo: string | null;
  readonly publication: 'published' | 'awaiting' | 'hidden' | 'removed';
  readonly client: string | null;
  readonly source: string;
  readonly state: string;
  readonly closing: string | null;
  readonly result: string | null;
  readonly master: string | null;
  readonly event: string | null;
  /** Id of the thing of the city that it is about. */
  readonly asset: string | null;
  readonly organisation: string | null;
  readonly reworks: number;
  readonly claims: number;
  readonly verdict: string | null;
}

/**
 * Where requests are read from. Statutory appeals and the sandbox are left out here, so no call can forget it; of an appeal
 * that was public before there is a row that nobody sees, but for copies that must learn that it went.
 */
export function source(sandbox: boolean, language: Language): SQL {
  return sandbox ? sandboxSource(language) : citySource(language);
}

function citySource(language: Language): SQL {
  return sql`(select r.number, r.category as service_code, coalesce(c.body->'name'->>${language}, r.category) as service_name,
    (select parent.body->'name'->>${language} from cc_category parent
      where parent.code = r.branch and parent.valid_to is null) as branch_name,
    c.body->'notice'->>${language} as service_notice, ${effective(sql`state`)} as state, ${effective(sql`closing`)} as closing,
    ${effective(sql`result`)} as result,
    case when ${effective(sql`state`)} = 'closed' then 'closed' else 'open' end as status,
    case when r.publication = 'awaiting' then null else r.public_note end as status_notes,
    case when r.publication = 'awaiting' then null else r.public_text end as text,
    o.name->>${language} as agency, r.organisation, r.created_at as requested_at,
    coalesce(${effective(sql`closed_at`)}, r.updated_at) as updated_at, r.updated_at as changed_at,
    r.fix_due as expected_at, ${effective(sql`closed_at`)} as closed_at, r.public_address as address,
    d.name->>${language} as district,
    case when c.body->>'precision' in ('exact', 'building') then r.building end as address_id,
    case when r.public_address is not null then b.zipcode end as zipcode,
    r.public_lat as lat, r.public_lon as lon,
    case when r.publication = 'published' then
      (select p.id::text from cc_photo p where p.request = r.number and p.public order by p.at, p.id limit 1) end as photo,
    r.publication, r.client, r.source, r.master, r.event, r.asset, r.answers, r.category_version, r.rework_count as reworks,
    (select count(*)::int from cc_attempt a where a.request = r.number) as claims,
    (select v.verdict from cc_verification v where v.request = r.number order by v.at desc limit 1) as verdict
    from cc_request r
    left join cc_request m on m.number = r.master
    left join cc_category c on c.code = r.category and c.version = r.category_version
    left join cc_organisation o on o.id = r.organisation
    left join cc_district d on d.code = r.district
    left join cc_building b on b.id = r.building
    where not r.sandbox and (r.regime = 'service' or r.publication = 'removed'))`;
}

// A merged request tells what becomes of its master.
function effective(column: SQL): SQL {
  return sql`case when r.master is null then r.${column} else m.${column} end`;
}

function sandboxSource(language: Language): SQL {
  return sql`(select r.number, r.service_code, coalesce(c.body->'name'->>${language}, r.service_code) as service_name,
    null::text as branch_name,
    c.body->'notice'->>${language} as service_notice,
    case when r.status = 'closed' then 'closed' else 'registered' end as state, null::text as closing, null::text as result,
    r.status, r.status_notes, r.description as text, null::text as agency, null::text as organisation,
    r.requested_at, r.updated_at, r.updated_at as changed_at, null::timestamptz as expected_at,
    case when r.status = 'closed' then r.updated_at end as closed_at, r.address, null::text as district, r.address_id,
    r.zipcode, r.lat, r.lon, r.media_url as photo, 'published' as publication, r.key as client, 'open311' as source,
    null::text as master, null::text as event, null::text as asset, r.answers, c.version as category_version, 0 as reworks, 0 as claims,
    null::text as verdict
    from open311_sandbox_request r
    left join cc_category c on c.code = r.service_code and c.valid_to is null)`;
}

/** Published ones, those the moderator still reads (without their text), and with a key also its own private ones. */
export function visibleTo(key: Key | null): SQL {
  const open = sql`r.publication in ('published', 'awaiting')`;
  return key ? sql`(${open} or (r.publication = 'hidden' and r.client = ${key.id}))` : open;
}

export async function readRows(
  reader: Reader,
  call: Pick<Call, 'sandbox' | 'language'>,
  rest: SQL,
): Promise<RequestRow[]> {
  const { rows } = await reader.execute<RequestRow>(
    sql`select r.* from ${source(call.sandbox, call.language)} r ${rest}`,
  );
  return rows;
}

/** Absolute address of a photo; the sandbox shows what it was given. */
export function photoUrl(call: Pick<Call, 'origin' | 'sandbox'>, photo: string): string {
  return call.sandbox ? photo : `${call.origin}/contact-centre/photos/${photo}`;
}

/** «вул. Робоча, 12, Соборний район, Дніпро» */
export function fullAddress(row: RequestRow, city: CitySettings, language: Language): string | null {
  if (!row.address) return null;
  return [row.address, row.district, city.name[language]]
    .filter((part, place, all) => part && !all.slice(0, place).some((before) => before?.includes(part)))
    .join(', ');
}

/** The one shape of a request in lists and on its own; every field is there, absent ones are null. */
export function requestRecord(call: Call, row: RequestRow): Record<string, Value> {
  return {
    service_request_id: row.number,
    status: row.status,
    status_notes: row.status_notes,
    service_name: row.service_name,
    service_code: row.service_code,
    description: row.text,
    agency_responsible: row.agency,
    service_notice: row.service_notice,
    requested_datetime: formatInstant(new Date(row.requested_at)),
    updated_datetime: formatInstant(new Date(row.updated_at)),
    expected_datetime: formatMaybe(row.expected_at === null ? null : new Date(row.expected_at)),
    address: fullAddress(row, call.city, call.language),
    address_id: row.address_id,
    zipcode: row.zipcode,
    lat: row.lat,
    long: row.lon,
    media_url: row.photo === null ? null : photoUrl(call, row.photo),
  };
}
