import { sql } from 'drizzle-orm';
import { can, type Resource } from '#platform/access/index.ts';
import type { Reader } from '#platform/database/pool.ts';
import { NotFound } from '#platform/errors.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { Actor } from '#platform/work.ts';
import { assetName } from '../../../assets.ts';
import type { LeafData, Position, Regime, RequestClass } from '../../../city-data.ts';
import { type Nearby, nearby } from '../../../duplicates.ts';
import type { PauseGround } from '../../../pausing.ts';
import { permission } from '../../../permissions.ts';
import { branchesAbove, idsOf } from '../../../scope.ts';
import type { Closing, State } from '../../../states.ts';
import { type ShownPhoto, toShown } from '../../photos.tsx';
import { instant } from '../../reads.ts';

/** All that staff may know of a request besides personal data, which `personal.ts` alone opens. */
export interface CaseFile extends Resource {
  readonly organisation: string | null;
  readonly district: string | null;
  readonly branches: readonly string[];
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly version: number;
  readonly class: RequestClass;
  readonly regime: Regime;
  readonly category: string;
  readonly leaf: LeafData;
  readonly unit: string | null;
  readonly crew: string | null;
  /** Masked words of the reporter; null where the actor may not read even these yet. */
  readonly words: string | null;
  readonly address: string | null;
  readonly building: string | null;
  /** The thing that it is about, with its number. */
  readonly thing: Text | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly answers: readonly { readonly code: string; readonly values: readonly string[] }[];
  readonly source: string;
  readonly private: boolean;
  readonly publication: string;
  readonly reporters: number;
  readonly reworks: number;
  readonly returns: number;
  readonly master: string | null;
  /** The closed request after which the problem came back, and those that came after this one. */
  readonly follows: string | null;
  readonly followedBy: readonly string[];
  readonly merged: readonly string[];
  readonly group: string;
  readonly due: Date | null;
  readonly planned: Date | null;
  /** Why the work stands still. */
  readonly pause: PauseGround | null;
  readonly windowUntil: Date | null;
  readonly createdAt: Date;
}

/**
 * The request as the actor may see it at the desk.
 *
 * @throws NotFound also where the actor may not know of it.
 */
export async function caseFile(reader: Reader, actor: Actor, number: string): Promise<CaseFile> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select r.number, r.state, r.closing, r.version, r.class, r.regime, r.category, r.branch, c.body as leaf, r.organisation,
      r.unit, r.crew, r.text, r.public_text, r.address, r.public_address, r.building, case when a.id is not null then ${assetName} end as thing, r.district, r.lat, r.lon, r.public_lat, r.public_lon, r.answers,
      r.source, r.private, r.publication, r.reporters, r.rework_count, r.return_count, r.master, r.duplicate_group, r.next_due,
      r.planned_for, r.pause, r.window_until, r.created_at, r.follows,
      array(select number from cc_request f where f.follows = r.number order by f.number) as followed,
      array(select number from cc_request m where m.master = r.number order by m.number) as merged
    from cc_request r join cc_category c on c.code = r.category and c.version = r.category_version
      left join cc_asset a on a.id = r.asset
    where r.number = ${number} and not r.sandbox`);
  const row = rows[0];
  if (!row) throw new NotFound('request');
  const resource = {
    organisation: word(row.organisation),
    district: word(row.district),
    branches: await branchesAbove(reader, String(row.branch)),
    ids: await idsOf(reader, actor, String(row.number)),
  };
  if (!can(actor, permission('read_desk'), resource)) throw new NotFound('request');
  const open = can(actor, permission('read_private'), resource);
  return {
    ...resource,
    number: String(row.number),
    state: row.state as State,
    closing: row.closing as Closing | null,
    version: Number(row.version),
    class: row.class as RequestClass,
    regime: row.regime as Regime,
    category: String(row.category),
    leaf: row.leaf as LeafData,
    unit: word(row.unit),
    crew: word(row.crew),
    words: word(open ? row.text : row.public_text),
    address: word(open ? row.address : row.public_address),
    building: word(row.building),
    thing: open ? (row.thing as Text | null) : null,
    lat: (open ? row.lat : row.public_lat) as number | null,
    lon: (open ? row.lon : row.public_lon) as number | null,
    answers: open ? ((row.answers ?? []) as CaseFile['answers']) : [],
    source: String(row.source),
    private: row.private === true,
    publication: String(row.publication),
    reporters: Number(row.reporters),
    reworks: Number(row.rework_count),
    returns: Number(row.return_count),
    master: word(row.master),
    follows: word(row.follows),
    followedBy: row.followed as string[],
    merged: row.merged as string[],
    group: String(row.duplicate_group),
    due: instant(row.next_due),
    planned: instant(row.planned_for),
    pause: row.pause as PauseGround | null,
    windowUntil: instant(row.window_until),
    createdAt: instant(row.created_at)!,
  };
}

export interface Step {
  readonly seq: number;
  readonly at: Date;
  readonly move: string;
  readonly to: State;
  /** Post of staff or name of a program; nobody else is named. */
  readonly who: string | null;
  /** Facts of the step; words in it are masked already. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly note: string | null;
  /** How many reporters were owed a message about it. */
  readonly messages: number;
}

/** The whole history, oldest first, with what staff wrote among themselves. */
export async function stepsOf(reader: Reader, number: string): Promise<Step[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select h.seq, h.at, h.move, h.to_state, h.actor, h.data, h.public_note,
      (select count(*)::int from cc_message m where m.request = h.request and m.seq = h.seq) as messages
    from cc_history h where h.request = ${number} order by h.seq`);
  return rows.map((row) => {
    const actor = row.actor as { kind: string; name: string };
    const acted = actor.kind === 'staff' || actor.kind === 'client';
    return {
      seq: Number(row.seq),
      at: instant(row.at)!,
      move: String(row.move),
      to: row.to_state as State,
      who: acted ? actor.name : null,
      data: (row.data ?? {}) as Record<string, unknown>,
      note: word(row.public_note),
      messages: Number(row.messages),
    };
  });
}

export interface Assignment {
  readonly id: string;
  readonly organisation: string;
  readonly unit: string | null;
  readonly role: 'main' | 'co';
  readonly openedAt: Date;
  readonly acceptedAt: Date | null;
  readonly closedAt: Date | null;
  readonly outcome: string | null;
}

export async function assignmentsOf(reader: Reader, number: string): Promise<Assignment[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select id, organisation, unit, role, opened_at, accepted_at, closed_at, outcome from cc_assignment
    where request = ${number} order by opened_at, role desc`);
  return rows.map((row) => ({
    id: String(row.id),
    organisation: String(row.organisation),
    unit: word(row.unit),
    role: row.role as 'main' | 'co',
    openedAt: instant(row.opened_at)!,
    acceptedAt: instant(row.accepted_at),
    closedAt: instant(row.closed_at),
    outcome: word(row.outcome),
  }));
}

export interface Attempt {
  readonly no: number;
  readonly crew: string | null;
  readonly result: 'fixed' | 'explained' | 'impossible';
  readonly answer: string;
  readonly evidence: number;
  readonly faults: readonly string[];
  readonly by: string;
  readonly at: Date;
  readonly outcome: string | null;
  readonly verdicts: readonly {
    readonly method: string;
    readonly verdict: string;
    readonly grade: number | null;
    readonly comment: string | null;
    readonly at: Date;
  }[];
}

/** What the executors said was done, with what reporters and controllers said of it; the newest first. */
export async function attemptsOf(reader: Reader, number: string): Promise<Attempt[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(sql`
    select a.no, a.crew, a.result, a.answer, jsonb_array_length(a.evidence) as evidence, a.evidence_faults,
      a.claimed_by, a.claimed_at, a.outcome,
      coalesce((select jsonb_agg(jsonb_build_object('method', v.method, 'verdict', v.verdict, 'grade', v.grade, 'comment', v.comment,
          'at', v.at) order by v.at) from cc_verification v where v.request = a.request and v.attempt = a.no), '[]') as verdicts
    from cc_attempt a where a.request = ${number} order by a.no desc`);
  return rows.map((row) => ({
    no: Number(row.no),
    crew: word(row.crew),
    result: row.result as Attempt['result'],
    answer: String(row.answer),
    evidence: Number(row.evidence),
    faults: row.evidence_faults as string[],
    by: (row.claimed_by as { name: string }).name,
    at: instant(row.claimed_at)!,
    outcome: word(row.outcome),
    verdicts: (row.verdicts as Record<string, unknown>[]).map((one) => ({
      method: String(one.method),
      verdict: String(one.verdict),
      grade: one.grade as number | null,
      comment: word(one.comment),
      at: instant(one.at)!,
    })),
  }));
}

/** Every photo of a request, oldest first; for who may read what the reporter sent. */
export async function casePhotos(reader: Reader, number: string): Promise<ShownPhoto[]> {
  const { rows } = await reader.execute<Record<string, unknown>>(
    sql`select id, kind, width, height, at from cc_photo where request = ${number} order by at, id limit 50`,
  );
  return rows.map(toShown);
}

const mostUrls = 50;

/** Where the reporter's own program keeps photos; the city never opens them. For who may read what the reporter sent. */
export async function mediaUrlsOf(reader: Reader, number: string): Promise<string[]> {
  const { rows } = await reader.execute<{ url: string }>(
    sql`select url from cc_media_url where request = ${number} order by at, id limit ${mostUrls}`,
  );
  return rows.map(({ url }) => url);
}

/** A request of the same kind close by; without anybody's words. */
export type Neighbour = Pick<
  Nearby,
  'number' | 'state' | 'closing' | 'category' | 'address' | 'distance' | 'createdAt' | 'reporters'
>;

/** Metres within which staff look for doubles. */
const staffRadius = 1_000;
const mostNeighbours = 30;

/**
 * Requests of the same kind within a kilometre, nearest first. Only who may link them sees the real places, and those that
 * are not public.
 */
export async function neighboursOf(
  reader: Reader,
  file: CaseFile,
  about: { readonly centre: Position; readonly now: Date; readonly mayLink: boolean },
): Promise<{ rows: readonly Neighbour[]; more: boolean }> {
  if (file.lat === null || file.lon === null) return { rows: [], more: false };
  const found = await nearby(reader, {
    point: { lat: file.lat, lon: file.lon },
    group: file.group,
    now: about.now,
    centre: about.centre,
    radius: staffRadius,
    limit: mostNeighbours + 1,
    except: file.number,
    desk: about.mayLink,
  });
  return { rows: found.slice(0, mostNeighbours), more: found.length > mostNeighbours };
}

/** Name of a unit or crew in the city's data; its id where the city no longer knows it. */
export const unitName = (
  units: readonly { readonly id: string; readonly name: Text }[],
  id: string | null,
  language: 'uk' | 'en',
): string | null => (id === null ? null : (units.find((unit) => unit.id === id)?.name[language] ?? id));

const word = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
