import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { Conflict, NotFound } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { staffRoles } from './moving/who.ts';
import { addPhotos, type EvidencePhoto } from './photos.ts';
import { resourceAt } from './scope.ts';
import { movesFrom, type State } from './states.ts';

/** A photo of the work that no claim has shown yet. */
export type Evidence = Pick<EvidencePhoto, 'file' | 'kind'>;

/** At most so many photos wait for one claim. */
export const mostEvidence = 20;

/**
 * Keeps photos of the work until it is claimed: a crew takes them before and after, long before it writes an answer.
 *
 * @throws NotFound; Conflict `move` when the request cannot be claimed now, `too-many` past twenty.
 */
export async function keepEvidence(
  work: Work,
  number: string,
  photos: readonly EvidencePhoto[],
): Promise<void> {
  const { rows } = await work.tx.execute<{
    state: State;
    organisation: string | null;
    district: string | null;
    branch: string;
  }>(sql`select state, organisation, district, branch
    from cc_request where number = ${number} and not sandbox for update`);
  const row = rows[0];
  const by = row ? staffRoles(work.actor, await resourceAt(work.tx, work.actor, { ...row, number })) : [];
  if (!row || by.length === 0) throw new NotFound('request');
  if (!movesFrom(row.state, by).includes('claim'))
    throw new Conflict('move', 'there is nothing to prove now', { state: row.state });
  const waiting = await evidenceOf(work.tx, number);
  if (waiting.length + photos.length > mostEvidence)
    throw new Conflict('too-many', `at most ${mostEvidence} photos prove one piece of work`);
  await addPhotos(work, number, photos);
}

/** Photos of the work that no claim has shown yet, in the order in which they came. */
export async function evidenceOf(reader: Reader, number: string): Promise<Evidence[]> {
  const { rows } = await reader.execute<{ file: string; kind: 'before' | 'after' }>(sql`
    select p.file, p.kind from cc_photo p
    where p.request = ${number} and p.kind in ('before', 'after') and not exists (
      select 1 from cc_attempt a where a.request = p.request and a.evidence @> jsonb_build_array(jsonb_build_object('file', p.file)))
    order by p.at, p.id`);
  return rows.map(({ file, kind }) => ({ file, kind }));
}
