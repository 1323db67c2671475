import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { entryHash, type HistoryEntry, historyActor } from './history.ts';
import type { Closing, State } from './states.ts';

/** How the leading request stands now, and the masked words that came with it. */
export interface Leading {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly result: string | null;
  readonly note: string | null;
}

/**
 * Writes into the history of each merged request what has become of the one it was merged into: whoever follows the merged
 * number, a person or a program, learns it there. Words go along only from a master that is public itself. Messages are
 * owed by the change of the master.
 *
 * The master is locked by the caller; what is merged into it is locked after it, in the order of numbers.
 *
 * @param only these merged requests; all unless told.
 */
export async function mirror(
  work: Work,
  leading: Leading,
  at: string,
  only?: readonly string[],
): Promise<void> {
  const { rows } = await work.tx.execute<{
    number: string;
    version: number;
    history_head: string;
    publication: string;
  }>(sql`
    select d.number, d.version, d.history_head, m.publication from cc_request d join cc_request m on m.number = d.master
    where d.master = ${leading.number}
      and ${only ? sql`d.number in (select jsonb_array_elements_text(${JSON.stringify(only)}::jsonb))` : sql`true`}
    order by d.number for update of d`);
  if (rows.length === 0) return;
  const { number: master, state, closing, result } = leading;
  const entries = rows.map((row) => {
    const entry: HistoryEntry = {
      request: row.number,
      seq: row.version + 1,
      at,
      move: 'mirror',
      from: 'merged',
      to: 'merged',
      actor: historyActor(work.actor),
      data: { master, state, ...(closing ? { closing, result } : {}) },
      note: row.publication === 'published' ? leading.note : null,
      prev: row.history_head,
    };
    return { ...entry, hash: entryHash(entry) };
  });
  await work.tx.execute(sql`with e as (
      select * from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
        as e(request text, seq int, at timestamptz, move text, "from" text, "to" text, actor jsonb, data jsonb, note text, prev text, hash text)
    ), h as (
      insert into cc_history (request, seq, at, move, from_state, to_state, actor, data, public_note, prev, hash)
      select request, seq, at, move, "from", "to", actor, data, note, prev, hash from e
    )
    update cc_request r set version = e.seq, history_head = e.hash, updated_at = e.at,
      public_note = coalesce(e.note, r.public_note)
    from e where r.number = e.request`);
}
