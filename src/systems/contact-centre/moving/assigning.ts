import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from '../city.ts';
import { statement } from '../statement.ts';
import type { Effect, Row, Turn } from './turn.ts';

/** Returned so often, a request waits for the supervisor, who alone may send it to one that has returned it. */
export const supervisedReturns = 2;

/** @throws Conflict `second-return` where only a supervisor may send it there again. */
export async function keepFromReturner({ work, request, input, by }: Turn): Promise<void> {
  if (request.return_count < supervisedReturns || by.includes('supervisor')) return;
  const { rows } = await work.tx.execute(sql`select 1 from cc_assignment
    where request = ${request.number} and organisation = ${input.organisation} and outcome = 'returned' limit 1`);
  if (rows.length)
    throw new Conflict('second-return', 'only a supervisor may send it again to whoever returned it', {
      organisation: input.organisation,
    });
}

/** The organisation answers for the request from now on; the assignment before it ends. */
export async function assignTo({ work, request, input }: Turn): Promise<Effect> {
  const city = await readCity(work.tx);
  const organisation = input.organisation ?? null;
  if (!organisation || !city.organisations.has(organisation))
    throw new Invalid([{ field: 'organisation', message: 'choose an organisation of the city' }]);
  if (request.regime === 'statutory') await keepFromComplained(work, request.number, organisation);
  return {
    set: { organisation, unit: input.unit ?? null, crew: null },
    data: { organisation, reason: input.reason ?? null },
    after: async () => {
      await closeAssignment(work, request.number, 'reassigned');
      await openAssignment(
        work,
        request,
        organisation,
        input.unit ?? null,
        input.decision ?? { reason: input.reason ?? null, by: work.actor.name },
      );
    },
  };
}

/** Law 393/96-ВР, art. 7: an appeal is never handled by those complained about. */
async function keepFromComplained(work: Work, number: string, organisation: string): Promise<void> {
  const { rows } = await work.tx.execute(
    sql`select 1 from cc_appeal where request = ${number} and complained_about = ${organisation}`,
  );
  if (rows[0])
    throw new Invalid([{ field: 'organisation', message: 'the appeal complains about this organisation' }]);
}

/** After so many refusals of the work another unit has to go and look. */
export const anotherUnitAfter = 3;

/** The crews whose work on the request was claimed before. */
export async function visitedBy(reader: Reader, number: string): Promise<string[]> {
  const { rows } = await reader.execute<{ crew: string }>(
    sql`select distinct crew from cc_attempt where request = ${number} and crew is not null order by crew`,
  );
  return rows.map(({ crew }) => crew);
}

/** @throws Conflict `another-unit` where the enterprise has a crew that has not been there, and this one has, or none is named. */
export async function keepFromVisited(work: Work, request: Row, crew: string | null): Promise<void> {
  if (request.rework_count < anotherUnitAfter) return;
  const visited = await visitedBy(work.tx, request.number);
  if (visited.length === 0 || (crew !== null && !visited.includes(crew))) return;
  const { units } = await readCity(work.tx);
  const others = units.some(
    ({ kind, organisation, id }) =>
      kind === 'crew' && organisation === request.organisation && !visited.includes(id),
  );
  if (others)
    throw new Conflict('another-unit', 'the work was refused three times: another unit goes now', {
      visited,
    });
}

/** @param decision the rules’ own, or who decided and why. */
export async function openAssignment(
  work: Work,
  request: Row,
  organisation: string,
  unit: string | null,
  decision: object,
): Promise<void> {
  await work.tx.execute(sql`insert into cc_assignment (request, organisation, unit, role, decision, opened_at)
    values (${request.number}, ${organisation}, ${unit}, 'main', ${JSON.stringify(decision)}::jsonb, ${work.clock.now().toISOString()}::timestamptz)`);
}

const endAssignment = statement<never>(
  'end_assignment',
  'update cc_assignment set closed_at = $2::timestamptz, outcome = $3 where request = $1 and closed_at is null',
);

/** @param outcome returned, reassigned, merged, withdrawn … */
export async function closeAssignment(work: Work, number: string, outcome: string): Promise<void> {
  await endAssignment(work.tx, [number, work.clock.now(), outcome]);
}
