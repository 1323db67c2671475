import { sql } from 'drizzle-orm';
import { localDate } from '#platform/calendar/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { type Freshness, freshnessOf } from '../freshness.ts';
import { type Assignment, assignmentsOf, type NotApplicable } from './assignments.ts';
import { keyOfField, type Obligation, obligationKeys, obligationsOn } from './obligations.ts';

/** How an obligation stands with a unit. */
export type CellState = 'published' | 'stale' | 'broken' | 'missing' | 'not applicable';
export const cellStates: readonly CellState[] = ['published', 'stale', 'broken', 'missing', 'not applicable'];

/** A publisher as the board shows it. */
export interface BoardUnit {
  readonly id: string;
  readonly name: string;
  readonly title: string;
}

/** A public dataset that fulfils an obligation. */
export interface CellDataset {
  readonly name: string;
  readonly title: string;
  readonly due: Date | null;
  readonly freshness: Freshness;
  /** A link that is dead, or a file that could not be read. */
  readonly broken: boolean;
}

/** An obligation × a unit. */
export interface Cell {
  readonly obligation: Obligation;
  /** null: nobody answers for it yet. */
  readonly unit: BoardUnit | null;
  readonly state: CellState;
  readonly datasets: readonly CellDataset[];
  readonly notApplicable: NotApplicable | null;
}

/** N of M: published of those that apply. */
export interface Coverage {
  readonly published: number;
  readonly all: number;
}

export interface Board {
  readonly cells: readonly Cell[];
  readonly units: readonly BoardUnit[];
}

/** Everything that is public and maps to an obligation. */
interface Found {
  readonly organisation: string;
  readonly key: string;
  readonly dataset: CellDataset;
}

/** Obligations in force × the units that answer for them or publish them all the same, in the order of the law and of units. */
export async function readBoard(reader: Reader, now: Date): Promise<Board> {
  const [obligations, assignments, found, units] = await Promise.all([
    obligationsOn(reader, localDate(now)),
    assignmentsOf(reader),
    datasetsOf(reader, now),
    reader.execute<BoardUnit & Record<string, unknown>>(sql`
      select id, name, coalesce(nullif(title, ''), name) as title from od_organisation where state = 'active'
      order by title collate "uk-UA-x-icu", name`),
  ]);
  return { cells: cellsOf(obligations, units.rows, assignments, found), units: units.rows };
}

/** Lays assignments and datasets out over the obligations. */
export function cellsOf(
  obligations: readonly Obligation[],
  units: readonly BoardUnit[],
  assignments: readonly Assignment[],
  found: readonly Found[],
): Cell[] {
  const byKey = Map.groupBy(found, (one) => one.key);
  const byCode = Map.groupBy(assignments, (one) => one.code);
  return obligations.flatMap((obligation): Cell[] => {
    const published = obligationKeys(obligation).flatMap((key) => byKey.get(key) ?? []);
    const assigned = byCode.get(obligation.code) ?? [];
    const cells = units.flatMap((unit): Cell[] => {
      const datasets = published.filter((one) => one.organisation === unit.id).map((one) => one.dataset);
      const own = assigned.find((one) => one.organisation === unit.id);
      if (!own && datasets.length === 0) return [];
      const notApplicable = own?.notApplicable ?? null;
      return [{ obligation, unit, datasets, notApplicable, state: stateOf(datasets, notApplicable) }];
    });
    if (cells.length > 0) return cells;
    return [{ obligation, unit: null, datasets: [], notApplicable: null, state: 'missing' }];
  });
}

/** The worst of its datasets is what wants something; data that are there outweigh the word that there are none. */
function stateOf(datasets: readonly CellDataset[], notApplicable: NotApplicable | null): CellState {
  if (datasets.length === 0) return notApplicable ? 'not applicable' : 'missing';
  if (datasets.some((one) => one.broken)) return 'broken';
  return datasets.some((one) => one.freshness === 'late' || one.freshness === 'very late')
    ? 'stale'
    : 'published';
}

async function datasetsOf(reader: Reader, now: Date): Promise<Found[]> {
  const { rows } = await reader.execute<{
    organisation: string;
    obligation: string;
    name: string;
    title: string;
    due: string | null;
    frequency: string | null;
    broken: boolean;
  }>(sql`
    select d.organisation, d.obligation, d.name, coalesce(nullif(d.title, ''), d.name) as title, d.due_at::text as due,
      d.update_frequency as frequency, exists (
        select from od_resource r where r.dataset = d.id and r.state = 'active' and (
          (r.load_state in ('blocked', 'failed') and r.current_version is null)
          or exists (select from od_link_check k where k.resource = r.id and k.broken_at is not null))) as broken
    from od_dataset d where d.obligation is not null and not d.private and d.state in ('published', 'archived')
    order by title collate "uk-UA-x-icu", d.name`);
  return rows.map((row) => ({
    organisation: row.organisation,
    key: keyOfField(row.obligation),
    dataset: {
      name: row.name,
      title: row.title,
      due: row.due === null ? null : new Date(row.due),
      freshness: freshnessOf(row.due, row.frequency ?? undefined, now),
      broken: row.broken,
    },
  }));
}

/** N of M of some cells. */
export function coverageOf(cells: readonly Cell[]): Coverage {
  return {
    published: cells.filter((cell) => cell.state === 'published').length,
    all: cells.filter((cell) => cell.state !== 'not applicable').length,
  };
}

/** How an obligation stands in the whole city: the best of its units, since then the data are there. */
export function obligationState(cells: readonly Cell[]): CellState {
  for (const state of ['published', 'stale', 'broken', 'missing'] as const)
    if (cells.some((cell) => cell.state === state)) return state;
  return 'not applicable';
}

/** The cells of each obligation, in their order. */
export function byObligation(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  return [...Map.groupBy(cells, (cell) => cell.obligation.code).values()];
}

/** N of M obligations of the city. */
export function cityCoverage(cells: readonly Cell[]): Coverage {
  const states = byObligation(cells).map(obligationState);
  return {
    published: states.filter((state) => state === 'published').length,
    all: states.filter((state) => state !== 'not applicable').length,
  };
}
