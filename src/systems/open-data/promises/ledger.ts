import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';

/** What came of a promise whose date has passed, or that was kept before it. */
export type Outcome = 'on time' | 'late' | 'not kept';

/** A line of «обіцяно / зроблено». */
export interface KeptPromise {
  readonly dataset: string;
  readonly name: string;
  readonly title: string;
  readonly organisation: string;
  readonly due: Date;
  /** When the data came; null: they have not. */
  readonly kept: Date | null;
  readonly outcome: Outcome;
}

/** Promises kept on time of all whose time has come. */
export interface Share {
  readonly onTime: number;
  readonly all: number;
}

export interface LedgerWant {
  readonly now: Date;
  /** Id of an organisation; absent: all. */
  readonly organisation?: string | undefined;
}

/** How far back the share looks. */
const since = (now: Date) => sql`${now.toISOString()}::timestamptz - interval '1 year'`;

const settled = ({ now, organisation }: LedgerWant) => sql`
  od_promise p join od_dataset d on d.id = p.dataset join od_organisation o on o.id = d.organisation
  where not d.private and d.state in ('published', 'archived') and (p.kept_at is not null or p.due_at < ${now.toISOString()})
    and coalesce(p.kept_at, p.due_at) > ${since(now)}
    ${organisation ? sql`and d.organisation = ${organisation}` : sql``}`;

const outcome = sql`case when p.kept_at <= p.due_at then 'on time' when p.kept_at is not null then 'late' else 'not kept' end`;

/** The ledger of the past year, the newest first, with the number of all lines. */
export async function ledgerOf(
  reader: Reader,
  want: LedgerWant & { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: KeptPromise[]; readonly total: number }> {
  const [{ rows }, share] = await Promise.all([
    reader.execute<Omit<KeptPromise, 'due' | 'kept'> & { due: string; kept: string | null }>(sql`
      select d.id as dataset, d.name, coalesce(nullif(d.title, ''), d.name) as title,
        coalesce(nullif(o.title, ''), o.name) as organisation, p.due_at::text as due, p.kept_at::text as kept, ${outcome} as outcome
      from ${settled(want)}
      order by coalesce(p.kept_at, p.due_at) desc, p.id desc limit ${want.limit} offset ${want.offset}`),
    shareOf(reader, want),
  ]);
  return {
    rows: rows.map((row) => ({ ...row, due: new Date(row.due), kept: row.kept ? new Date(row.kept) : null })),
    total: share.all,
  };
}

/** The on-time share of the past year. */
export async function shareOf(reader: Reader, want: LedgerWant): Promise<Share> {
  const { rows } = await reader.execute<{ onTime: number; all: number }>(sql`
    select count(*) filter (where p.kept_at <= p.due_at)::int as "onTime", count(*)::int as "all" from ${settled(want)}`);
  return rows[0]!;
}

/** The on-time share of each organisation that has promised anything, by its id. */
export async function sharesOf(reader: Reader, now: Date): Promise<ReadonlyMap<string, Share>> {
  const { rows } = await reader.execute<{ organisation: string } & Share & Record<string, unknown>>(sql`
    select d.organisation, count(*) filter (where p.kept_at <= p.due_at)::int as "onTime", count(*)::int as "all"
    from ${settled({ now })} group by 1`);
  return new Map(rows.map(({ organisation, onTime, all }) => [organisation, { onTime, all }]));
}
