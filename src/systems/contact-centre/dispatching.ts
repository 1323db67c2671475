import { sql } from 'drizzle-orm';
import type { Reader } from '#platform/database/pool.ts';
import { type FieldFault, Forbidden, Invalid, Refusal } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { act, type MoveInput } from './moves.ts';
import { type Move, type State, states } from './states.ts';

/** What became of one row of an act on many. */
export interface BulkResult {
  readonly number: string;
  /** The state it is in now; null when the move was refused. */
  readonly state: State | null;
  /** Why it was refused: a stable code, such as `stale` or `move`. */
  readonly refused?: string;
}

/** At most so many requests are moved by one act. */
export const mostRows = 200;

/** How an act is run: in a transaction of its own. */
export type Runner = <T>(act: (work: Work) => Promise<T>) => Promise<T>;

/**
 * Makes one move with many requests. Each is a transaction of its own, so one that is refused stops no other; each may carry
 * the version that the person saw.
 *
 * @throws Invalid for what is wrong with the words themselves, before anything has moved.
 */
export async function moveMany(
  run: Runner,
  rows: readonly { readonly number: string; readonly version?: number }[],
  move: Move,
  input: MoveInput,
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (const { number, version } of rows.slice(0, mostRows)) {
    try {
      const moved = await run((work) =>
        act(work, number, move, version === undefined ? input : { ...input, version }),
      );
      results.push({ number, state: moved.state });
    } catch (error) {
      // The words are the same for all: when the first row finds them wanting, none has moved and the form says so.
      if (error instanceof Invalid && results.every(({ state }) => state === null)) throw error;
      if (!(error instanceof Refusal) && !(error instanceof Invalid)) throw error;
      results.push({ number, state: null, refused: error instanceof Invalid ? 'invalid' : error.code });
    }
  }
  return results;
}

/** Keeps what became of an act on many for the one who made it. @returns its id. */
export async function keepResults(work: Work, move: string, results: readonly BulkResult[]): Promise<string> {
  const now = work.clock.now();
  const monthAgo = new Date(now.getTime() - 30 * 86_400_000).toISOString();
  await work.tx.execute(
    sql`delete from cc_bulk_act where person = ${who(work)} and at < ${monthAgo}::timestamptz`,
  );
  const { rows } = await work.tx.execute<{
    id: string;
  }>(sql`insert into cc_bulk_act (person, move, results, at)
    values (${who(work)}, ${move}, ${JSON.stringify(results)}::jsonb, ${now.toISOString()}::timestamptz) returning id`);
  return rows[0]!.id;
}

/** The results of an act on many; null unless this person made it. */
export async function resultsOf(
  reader: Reader,
  person: string,
  id: string,
): Promise<{ move: string; results: BulkResult[] } | null> {
  const { rows } = await reader.execute<{ move: string; results: BulkResult[] }>(
    sql`select move, results from cc_bulk_act where id::text = ${id} and person = ${person}`,
  );
  return rows[0] ?? null;
}

export interface SavedFilter {
  readonly name: string;
  /** Query string of the queue, without the question mark. */
  readonly query: string;
}

/** At most so many filters are kept for a person. */
const mostFilters = 20;

/** What the queue can be narrowed by; nothing else of an address is kept. */
export const filterNames = [
  'state',
  'class',
  'branch',
  'district',
  'warned',
  'overdue',
  'crew',
  'rework',
] as const;

/** Keeps a filter of the queue under a name; the same name is replaced. @throws Invalid */
export async function saveFilter(work: Work, filter: SavedFilter): Promise<void> {
  const faults: FieldFault[] = [];
  const name = filter.name.trim();
  if (!name) faults.push({ field: 'name', message: 'is needed' });
  if ([...name].length > 60) faults.push({ field: 'name', message: 'is too long' });
  const query = cleanQuery(filter.query);
  if (!query) faults.push({ field: 'name', message: 'nothing is filtered' });
  const before = await savedFilters(work.tx, who(work));
  if (before.length >= mostFilters && !before.some((one) => one.name === name))
    faults.push({ field: 'name', message: 'too many' });
  if (faults.length) throw new Invalid(faults);
  await work.tx.execute(sql`insert into cc_saved_filter (person, name, query, made_at)
    values (${who(work)}, ${name}, ${query}, ${work.clock.now().toISOString()}::timestamptz)
    on conflict (person, name) do update set query = excluded.query, made_at = excluded.made_at`);
}

export async function dropFilter(work: Work, name: string): Promise<void> {
  await work.tx.execute(sql`delete from cc_saved_filter where person = ${who(work)} and name = ${name}`);
}

export async function savedFilters(reader: Reader, person: string): Promise<SavedFilter[]> {
  const { rows } = await reader.execute<{ name: string; query: string }>(
    sql`select name, query from cc_saved_filter where person = ${person} order by name collate "uk-UA-x-icu"`,
  );
  return rows;
}

function cleanQuery(query: string): string {
  const given = new URLSearchParams(query.slice(0, 500));
  const kept = new URLSearchParams();
  for (const name of filterNames) {
    const value = given.get(name);
    if (value && (name !== 'state' || states.some((state) => state === value))) kept.set(name, value);
  }
  return kept.toString();
}

function who(work: Work): string {
  if (!work.actor.id) throw new Forbidden('staff');
  return work.actor.id;
}
