import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import { isLocalDate, type LocalDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Work } from '#platform/work.ts';
import { Absent, Faults } from '../faults.ts';
import { isUuid } from '../names.ts';
import { mustBeOfficer } from '../rights.ts';

/** What the law obliges the city to publish, for as long as it does. */
export interface Obligation {
  readonly id: string;
  /** `all-001`, `mun-037`: the numbering of 2019. */
  readonly code: string;
  readonly title: string;
  readonly group: Text;
  /** Appendix of the recommendations of 2025 with its tables; null: of free structure. */
  readonly appendix: number | null;
  readonly validFrom: LocalDate;
  /** The last day; null: until further notice. */
  readonly validTo: LocalDate | null;
}

const columns = sql`id, code, title, jsonb_build_object('uk', group_uk, 'en', group_en) as "group", appendix,
  valid_from::text as "validFrom", valid_to::text as "validTo"`;

/** Those in force on a day, in the order of the list. */
export async function obligationsOn(reader: Reader, day: LocalDate): Promise<Obligation[]> {
  const { rows } = await reader.execute<Obligation & Record<string, unknown>>(sql`
    select ${columns} from od_obligation where valid_from <= ${day} and (valid_to is null or valid_to >= ${day}) order by code`);
  return rows;
}

/** All of them, past and coming ones too. */
export async function allObligations(reader: Reader): Promise<Obligation[]> {
  const { rows } = await reader.execute<Obligation & Record<string, unknown>>(
    sql`select ${columns} from od_obligation order by code, valid_from desc`,
  );
  return rows;
}

/** @throws Absent */
export async function findObligation(reader: Reader, id: string): Promise<Obligation> {
  const { rows } = isUuid(id)
    ? await reader.execute<Obligation & Record<string, unknown>>(
        sql`select ${columns} from od_obligation where id = ${id}`,
      )
    : { rows: [] };
  if (!rows[0]) throw new Absent();
  return rows[0];
}

/** As a form brings it; empty texts mean nothing. */
export interface ObligationInput {
  readonly code: string;
  readonly title: string;
  readonly groupUk: string;
  readonly groupEn: string;
  readonly appendix: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/**
 * Writes an obligation down, or puts another text in place of one: a change of the law ends the old row and adds another. The officer's.
 *
 * @param id of the row to change; null: a new one. @returns its id. @throws Denied, Absent, Faulty by field of the input.
 */
export async function putObligation(work: Work, id: string | null, input: ObligationInput): Promise<string> {
  mustBeOfficer(work.actor);
  if (id !== null) await findObligation(work.tx, id);
  const faults = new Faults();
  if (!/^[a-z]{2,10}-\d{3}$/.test(input.code)) faults.add('code', 'Invalid code');
  for (const field of ['title', 'groupUk', 'groupEn'] as const)
    if (input[field] === '') faults.add(field, 'Missing value');
  if (input.appendix !== '' && !/^[1-9]\d{0,2}$/.test(input.appendix))
    faults.add('appendix', 'Invalid number');
  if (!isLocalDate(input.validFrom)) faults.add('validFrom', 'Invalid date');
  if (input.validTo !== '' && (!isLocalDate(input.validTo) || input.validTo < input.validFrom))
    faults.add('validTo', 'Invalid date');
  faults.refuse();
  // Two that write the same code wait for each other here.
  await work.tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`open-data obligation ${input.code}`}, 0))`,
  );
  const { rows: others } = await work.tx.execute(sql`
    select from od_obligation where code = ${input.code} and id is distinct from ${id}
      and daterange(valid_from, valid_to, '[]') && daterange(${input.validFrom}::date, ${input.validTo || null}::date, '[]')`);
  if (others.length > 0) faults.add('validFrom', 'The code is in force at that time already');
  faults.refuse();
  const values = sql`${input.code}, ${input.title}, ${input.groupUk}, ${input.groupEn}, ${input.appendix ? Number(input.appendix) : null}::int,
    ${input.validFrom}::date, ${input.validTo || null}::date`;
  const names = sql`code, title, group_uk, group_en, appendix, valid_from, valid_to`;
  const { rows } = await work.tx.execute<{ id: string }>(
    id === null
      ? sql`insert into od_obligation (${names}) values (${values}) returning id`
      : sql`update od_obligation set (${names}) = (${values}) where id = ${id} returning id`,
  );
  await audit(work, {
    action: id === null ? 'open-data:add_obligation' : 'open-data:change_obligation',
    resource: `open-data-obligation:${input.code}`,
    detail: { from: input.validFrom, to: input.validTo || null },
  });
  return rows[0]!.id;
}

/** Whether the value of a dataset's field `obligation` (`835/33`, `835/33/appeals`, `mun-037`) means this one. */
export const obligationKeys = (one: Pick<Obligation, 'code' | 'appendix'>): readonly string[] =>
  one.appendix === null ? [one.code] : [one.code, `835/${one.appendix}`];

/** How a dataset names the obligation in its field `obligation`: by the appendix where there is one. */
export const fieldOf = (one: Pick<Obligation, 'code' | 'appendix'>): string => obligationKeys(one).at(-1)!;

/** The key under which a field `obligation` is looked for: without the table at its end. */
export const keyOfField = (obligation: string): string => obligation.split('/').slice(0, 2).join('/');
