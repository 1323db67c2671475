import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { faulty } from '../faults.ts';
import { roleName } from '../permissions.ts';
import { mustBeOfficer } from '../rights.ts';
import { findUnit } from '../units.ts';

/** Somebody who can be named for a unit. */
export interface Candidate {
  readonly person: string;
  readonly post: string;
  readonly login: string;
  /** May publish there, so can be its officer. */
  readonly publishes: boolean;
}

export interface Named {
  readonly officer: string | null;
  readonly head: string | null;
}

const most = 200;

/** Staff of a unit and who may publish in its name, those first. */
export async function candidatesOf(reader: Reader, unit: string, now: Date): Promise<Candidate[]> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await reader.execute<Candidate & Record<string, unknown>>(sql`
    select * from (select p.id as person, s.post, s.login, exists (
        select from access_grant g where g.person_id = p.id and g.revoked_at is null and g.valid_from <= ${at}
          and (g.valid_until is null or g.valid_until > ${at}) and (g.organisation is null or g.organisation = ${unit})
          and g.district is null and g.branch is null
          and g.role in (${roleName('editor')}, ${roleName('admin')}, ${roleName('officer')})) as publishes, s.organisation
      from person p join staff_account s on s.person_id = p.id
      where p.blocked_at is null and p.erased_at is null and s.blocked_at is null) as who
    where publishes or organisation = ${unit} order by publishes desc, post, login limit ${most}`);
  return rows;
}

/** Who is named for an organisation, whether they have left or not. */
export async function namedOf(reader: Reader, organisation: string): Promise<Named> {
  const { rows } = await reader.execute<Named & Record<string, unknown>>(
    sql`select officer, head from od_organisation where id = ${organisation}`,
  );
  return rows[0] ?? { officer: null, head: null };
}

/**
 * Names who answers for the data of a unit, and who heads it. The city officer's.
 *
 * @param named ids of persons, or null for nobody.
 * @throws Absent, Denied, Faulty of `officer` or `head` for whoever cannot be that.
 */
export async function nameResponsible(work: Work, idOrName: string, named: Named): Promise<void> {
  mustBeOfficer(work.actor);
  const unit = await findUnit(work.tx, work.actor, 'organization', idOrName);
  const candidates = await candidatesOf(work.tx, unit.unit!, work.clock.now());
  const find = (person: string | null) => candidates.find((one) => one.person === person);
  if (named.officer !== null && !find(named.officer)?.publishes)
    throw faulty('officer', 'this person may not publish in the name of the unit');
  if (named.head !== null && !find(named.head)) throw faulty('head', 'this person does not work in the unit');
  await work.tx.execute(
    sql`update od_organisation set officer = ${named.officer}, head = ${named.head} where id = ${unit.id}`,
  );
  await audit(work, {
    action: 'open-data:name_responsible',
    resource: `open-data-organization:${unit.id}`,
    subjects: [named.officer, named.head].filter((one) => one !== null),
  });
}
