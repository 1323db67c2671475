import { type SQL, sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import type { Body, DataKind, DataVersion, Entry } from './kind.ts';

const cityData = 'city data';
const moment = (value: unknown) => (value ? new Date(String(value)) : null);
const json = (value: unknown) => JSON.stringify(value);

/** How a kind reads and keeps its versions. */
type Keeping = Pick<DataKind, 'current' | 'versions' | 'store'>;

/** For kinds whose table holds only what is in force: their versions stand apart, the first of them once it is replaced. */
export function keptApart(
  name: string,
  source: SQL,
  write: (work: Work, bodies: readonly Body[]) => Promise<void>,
): Keeping {
  const last = sql`(select max(version) from cc_data_version v where v.kind = ${name} and v.id = s.id)`;
  return {
    async current(reader, ids) {
      const { rows } = await reader.execute<Row>(sql`
        select s.id, s.body, coalesce(v.version, 1) as version, v.author_name as author, v.made_at as at
        from (${source}) s left join cc_data_version v on v.kind = ${name} and v.id = s.id and v.version = ${last}
        where s.id in (select value from jsonb_array_elements_text(${json(ids)}::jsonb))`);
      return new Map(rows.map((row) => [row.id, versionOf(row)]));
    },
    async versions(reader, id) {
      const { rows } = await reader.execute<Row>(sql`
        select id, version, body, author_name as author, made_at as at from cc_data_version
        where kind = ${name} and id = ${id} order by version desc`);
      if (rows.length) return rows.map(versionOf);
      return [...(await this.current(reader, [id])).values()];
    },
    async store(work, entries) {
      const { id, name: post } = work.actor;
      const now = work.clock.now().toISOString();
      const first = entries
        .filter((entry) => entry.version === 2 && entry.previous)
        .map((entry) => ({
          id: entry.id,
          version: 1,
          body: entry.previous,
          author: null,
          name: cityData,
          at: null,
        }));
      const next = entries.map((entry) => ({
        id: entry.id,
        version: entry.version,
        body: entry.body,
        author: id,
        name: post,
        at: now,
      }));
      const insert = (rows: readonly object[]) => sql`insert into cc_data_version
          (kind, id, version, body, author, author_name, made_at)
        select ${name}, id, version, body, author, name, at from jsonb_to_recordset(${json(rows)}::jsonb)
          as e(id text, version int, body jsonb, author text, name text, at timestamptz)`;
      // The first version may have been kept already; a new one that is taken means that somebody else was quicker.
      await work.tx.execute(sql`${insert(first)} on conflict do nothing`);
      await work.tx.execute(insert(next));
      await write(
        work,
        entries.map((entry) => entry.body),
      );
    },
  };
}

/** For kinds whose table is one of versions, with `valid_to` null in the current one. */
export function keptTogether(
  table: 'cc_category' | 'cc_template' | 'cc_article',
  store: (work: Work, entries: readonly Entry[]) => Promise<void>,
): Keeping {
  const author = table === 'cc_category' ? sql`coalesce(author_name, ${cityData})` : sql`author`;
  const columns = sql`code as id, version, body, ${author} as author,
    case when version = 1 and ${author} = ${cityData} then null else valid_from end as at`;
  const from = sql.identifier(table);
  return {
    async current(reader, ids) {
      const { rows } = await reader.execute<Row>(sql`select ${columns} from ${from}
        where valid_to is null and code in (select value from jsonb_array_elements_text(${json(ids)}::jsonb))`);
      return new Map(rows.map((row) => [row.id, versionOf(row)]));
    },
    async versions(reader, id) {
      const { rows } = await reader.execute<Row>(
        sql`select ${columns} from ${from} where code = ${id} order by version desc`,
      );
      return rows.map(versionOf);
    },
    store,
  };
}

/** For kinds of `keptTogether` that nothing else stands on: the current version ends, and none follows. */
export const endsAlone = (table: 'cc_template' | 'cc_article') => ({
  async retire(work: Work, id: string): Promise<void> {
    await work.tx.execute(sql`update ${sql.identifier(table)} set valid_to = ${work.clock.now().toISOString()}::timestamptz
      where code = ${id} and valid_to is null`);
  },
});

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly version: number;
  readonly body: Body;
  readonly author: string | null;
  readonly at: string | null;
}

function versionOf(row: Row): DataVersion {
  return {
    version: Number(row.version),
    body: row.body,
    author: row.author ?? cityData,
    at: moment(row.at),
  };
}

/** How the author of what came with the city's files is stored. */
export const fromFiles = cityData;

/** Every process reads the city's data anew. */
export async function announce(work: Work): Promise<void> {
  await work.tx.execute(
    sql`update cc_data set version = version + 1, changed_at = ${work.clock.now().toISOString()}::timestamptz`,
  );
}
