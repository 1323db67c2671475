import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { findDataset } from './datasets.ts';
import { Absent, faulty } from './faults.ts';
import { findUser, makeKnown } from './people.ts';
import { type Capacity, capacities } from './permissions.ts';
import { mustDo } from './rights.ts';

/** Somebody of another organisation who may read or change one dataset. */
export interface Collaborator extends Record<string, unknown> {
  readonly package_id: string;
  readonly user_id: string;
  readonly capacity: Capacity;
  readonly modified: string;
}

const columns = sql`dataset as package_id, person as user_id, capacity,
  to_char(modified_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as modified`;

/** Invites a user to a dataset, or changes what they may there. @throws Denied, Absent, Faulty */
export async function putCollaborator(
  work: Work,
  dataset: string,
  userName: string,
  given: string,
): Promise<Collaborator> {
  const found = await findDataset(work.tx, dataset);
  await mustDo(work.tx, work.actor, 'members', found);
  const user = await findUser(work.tx, userName);
  if (!user) throw new Absent('User not found');
  const capacity = capacities.find((one) => one === given);
  if (!capacity) throw faulty('capacity', `Role must be one of "${capacities.join('", "')}"`);
  await makeKnown(work, user.id);
  const { rows } = await work.tx.execute<Collaborator>(sql`
    insert into od_collaborator (dataset, person, capacity, modified_at)
    values (${found.id}, ${user.id}, ${capacity}, ${work.clock.now().toISOString()})
    on conflict (dataset, person) do update set capacity = excluded.capacity, modified_at = excluded.modified_at
    returning ${columns}`);
  await audit(work, {
    action: 'open-data:put_collaborator',
    resource: `open-data-dataset:${found.id}`,
    subjects: [user.id],
    detail: { capacity },
  });
  return rows[0]!;
}

/** @throws Denied, Absent */
export async function removeCollaborator(work: Work, dataset: string, userName: string): Promise<void> {
  const found = await findDataset(work.tx, dataset);
  await mustDo(work.tx, work.actor, 'members', found);
  const user = await findUser(work.tx, userName);
  const { rows } = await work.tx.execute(
    sql`delete from od_collaborator where dataset = ${found.id} and person = ${user?.id ?? null} returning dataset`,
  );
  if (!user || rows.length === 0) throw new Absent(`User ${userName} is not a collaborator on this package`);
  await audit(work, {
    action: 'open-data:remove_collaborator',
    resource: `open-data-dataset:${found.id}`,
    subjects: [user.id],
  });
}

/** Who works with a dataset, or with what somebody works. */
export async function collaborators(
  reader: Reader,
  wanted: { readonly dataset: string } | { readonly person: string },
  capacity?: string,
): Promise<Collaborator[]> {
  const { rows } = await reader.execute<Collaborator>(sql`
    select ${columns} from od_collaborator
    where ${'dataset' in wanted ? sql`dataset = ${wanted.dataset}` : sql`person = ${wanted.person}`}
      and ${capacity === undefined ? sql`true` : sql`capacity = ${capacity}`} order by modified_at, dataset, person`);
  return rows;
}
