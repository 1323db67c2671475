import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import type { Actor } from '#platform/work.ts';
import { Absent, Denied } from './faults.ts';
import { type Act, type Capacity, canIn, isOfficer } from './permissions.ts';
import { type DatasetState, servedStates } from './states.ts';

/** What decides who may see and change a dataset. */
export interface Guarded {
  readonly id: string;
  readonly state: DatasetState;
  readonly private: boolean;
  readonly creator: string | null;
  /** Code of the unit behind the organisation. */
  readonly unit: string | null;
}

/** Whether everybody may see it. */
export function isPublic(dataset: Pick<Guarded, 'state' | 'private'>): boolean {
  return !dataset.private && servedStates.includes(dataset.state);
}

const enough: Readonly<Record<Act, readonly Capacity[]>> = {
  read_private: ['member', 'editor', 'admin'],
  write: ['editor', 'admin'],
  publish: ['admin'],
  members: ['admin'],
  administer: [],
};

/** Whether the actor may do the act with this dataset: by the organisation, as its author while it has none, or as an invited collaborator. */
export async function may(reader: Reader, actor: Actor, act: Act, dataset: Guarded): Promise<boolean> {
  if (canIn(actor, act, dataset.unit)) return true;
  if (actor.id === null) return false;
  if (dataset.unit === null && dataset.creator === actor.id && (act === 'read_private' || act === 'write'))
    return true;
  const { rows } = await reader.execute<{ capacity: Capacity }>(
    sql`select capacity from od_collaborator where dataset = ${dataset.id} and person = ${actor.id}`,
  );
  return rows[0] !== undefined && enough[act].includes(rows[0].capacity);
}

/**
 * Lets only those go on who may read the dataset.
 *
 * @throws Absent for a withdrawn one, Denied for a private one or a draft: CKAN's clients are told that it is there.
 */
export async function mustRead(reader: Reader, actor: Actor, dataset: Guarded): Promise<void> {
  if (isPublic(dataset) || (await may(reader, actor, 'read_private', dataset))) return;
  if (dataset.state === 'withdrawn') throw new Absent();
  throw new Denied(`not authorized to read package ${dataset.id}`);
}

/** @throws Absent or Denied */
export async function mustDo(reader: Reader, actor: Actor, act: Act, dataset: Guarded): Promise<void> {
  if (await may(reader, actor, act, dataset)) return;
  await mustRead(reader, actor, dataset);
  throw new Denied(`not authorized to edit package ${dataset.id}`);
}

/** @throws Denied unless the officer asks. */
export function mustBeOfficer(actor: Actor): void {
  if (!isOfficer(actor)) throw new Denied();
}
