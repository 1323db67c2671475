import { sql } from 'drizzle-orm';
import { mustBeAble } from '../access/index.ts';
import { audit } from '../audit/append.ts';
import { Conflict, NotFound } from '../errors.ts';
import type { Work } from '../work.ts';
import { erasePeople } from './erasure.ts';

/** Looks at one thing that a person is not told of until a day. */
export interface Withholding {
  readonly id: string;
  readonly personId: string;
  readonly resource: string;
  readonly ground: string;
  readonly until: Date;
}

/**
 * Withholds the looks at a thing from the person whom they concern. Ends by itself.
 *
 * @param input.resource as the entries name it, such as `request:26483729153`.
 * @param input.ground article of the law and the document that asks for it.
 * @throws Conflict for one's own, NotFound for nobody.
 */
export async function withhold(
  work: Work,
  input: {
    readonly personId: string;
    readonly resource: string;
    readonly ground: string;
    readonly until: Date;
  },
): Promise<void> {
  mustBeAble(work.actor, erasePeople);
  if (input.personId === work.actor.id) throw new Conflict('own-case', 'nobody decides about their own data');
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into audit_withholding (person_id, resource, ground, until, set_by, set_at)
        select id, ${input.resource}, ${input.ground}, ${input.until.toISOString()}, ${work.actor.id},
               ${work.clock.now().toISOString()} from person where id = ${input.personId} returning id`,
  );
  if (!rows[0]) throw new NotFound('person');
  await audit(work, {
    action: 'personal-data:withhold',
    resource: `withholding:${rows[0].id}`,
    subjects: [input.personId],
    case: input.resource,
    detail: { until: input.until.toISOString() },
    secret: { person: input.personId, facts: { ground: input.ground } },
  });
}

/** Ends a withholding before its day. */
export async function endWithholding(work: Work, id: string): Promise<void> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<{ person_id: string }>(
    sql`update audit_withholding set ended_at = ${work.clock.now().toISOString()}
        where id = ${id} and ended_at is null returning person_id`,
  );
  if (!rows[0]) throw new NotFound('withholding');
  await audit(work, {
    action: 'personal-data:end-withholding',
    resource: `withholding:${id}`,
    subjects: [rows[0].person_id],
  });
}

/** What is withheld now, the nearest end first. */
export async function withholdings(work: Work): Promise<readonly Withholding[]> {
  mustBeAble(work.actor, erasePeople);
  const { rows } = await work.tx.execute<Record<string, string>>(
    sql`select id, person_id, resource, ground, until from audit_withholding
        where ended_at is null and until > ${work.clock.now().toISOString()} order by until limit 200`,
  );
  return rows.map((row) => ({
    id: row.id!,
    personId: row.person_id!,
    resource: row.resource!,
    ground: row.ground!,
    until: new Date(row.until!),
  }));
}
