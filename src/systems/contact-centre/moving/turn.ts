import { sql } from 'drizzle-orm';
import { Invalid } from '#platform/errors.ts';
import type { Work } from '#platform/work.ts';
import { readCity } from '../city.ts';
import type { LeafData, Regime } from '../city-data.ts';
import type { PauseGround } from '../pausing.ts';
import type { EvidencePhoto, GivenPhoto } from '../photos.ts';
import type { Decision } from '../routing.ts';
import type { Closing, HistoryMove, Role, State } from '../states.ts';

/** What a move is given; which of it a move needs stands in the function that prepares it. */
export interface MoveInput {
  /** The version of the request that the person was looking at; another one means that the page is stale. */
  readonly version?: number;
  readonly organisation?: string;
  readonly unit?: string;
  readonly crew?: string;
  /** Why, for colleagues. */
  readonly reason?: string;
  /** Public words of the move. */
  readonly note?: string;
  readonly date?: Date;
  readonly question?: string;
  readonly result?: 'fixed' | 'explained' | 'impossible';
  readonly answer?: string;
  readonly evidence?: readonly EvidencePhoto[];
  /** Photos of what is still wrong. */
  readonly photos?: readonly GivenPhoto[];
  readonly master?: string;
  readonly comment?: string;
  readonly grade?: number;
  /** The reporter says that it is done in part, which counts as no. */
  readonly partly?: boolean;
  readonly method?: 'link' | 'sms' | 'cabinet' | 'call' | 'desk';
  /** The secret of a follow link: acts for its reporter. */
  readonly reporterToken?: string;
  /** Id of the reporter for whom a controller records a call. */
  readonly reporter?: string;
  readonly callRecord?: string;
  readonly destination?: string;
  /** Where rules and not a person chose the organisation: their decision, kept with the assignment. */
  readonly decision?: Decision;
}

export interface Moved {
  readonly number: string;
  readonly state: State;
  readonly closing: Closing | null;
  readonly version: number;
}

export interface Row extends Record<string, unknown> {
  number: string;
  state: State;
  closing: Closing | null;
  state_before: State | null;
  planned_for: string | null;
  version: number;
  history_head: string;
  master: string | null;
  /** Why its work stands still; null: it does not. */
  pause: PauseGround | null;
  /** Whether others are merged into it. */
  leads: boolean;
  organisation: string | null;
  crew: string | null;
  district: string | null;
  branch: string;
  regime: Regime;
  publication: string;
  rework_count: number;
  return_count: number;
  closed_at: string | null;
  category: string;
  category_version: number;
  client: string | null;
  lat: number | null;
  lon: number | null;
}

export interface Reporter extends Record<string, unknown> {
  id: string;
  request: string;
  verdict: string | null;
  verdict_attempt: number | null;
  withdrawn_at: string | null;
  lead: boolean;
}

/** What a prepared move changes besides the state. */
export interface Effect {
  /** Kept when the move's row says "before", or when not everybody has judged yet. */
  to?: State;
  /** Told in the history under another name, such as a verdict that does not close yet. */
  as?: HistoryMove;
  set?: Record<string, unknown>;
  data?: Record<string, unknown>;
  /** Words as they were written, where they are not those of the input. */
  original?: string;
  /** Words for everybody. */
  note?: string | undefined;
  /** What reporters are told, where it is not the move's own letter. */
  template?: string;
  /** Runs after the request row was changed. */
  after?(): Promise<unknown>;
}

export interface Turn {
  readonly work: Work;
  readonly request: Row;
  readonly input: MoveInput;
  readonly by: readonly Role[];
  readonly reporter: Reporter | null;
  readonly now: string;
}

/** @throws Invalid naming each field that is empty. */
export function need(fields: Record<string, unknown>): void {
  const missing = Object.entries(fields).filter(
    ([, value]) => value === undefined || value === null || (typeof value === 'string' && !value.trim()),
  );
  if (missing.length) throw new Invalid(missing.map(([field]) => ({ field, message: 'is needed' })));
}

/** What closing changes of a request: clocks are over, neighbours see it for a while. */
export function closed(request: Row, work: Work): Effect & { set: Record<string, unknown> } {
  const now = work.clock.now();
  return {
    set: {
      closed_at: now.toISOString(),
      window_until: null,
      nearby_until: new Date(now.getTime() + 14 * 86_400_000).toISOString(),
      state_before: null,
      ...(request.master ? { master: null } : {}),
    },
  };
}

/** The request and those merged into it: whose people judge it together. */
export function circleOf(number: string) {
  return sql`array(select ${number}::text union all select number from cc_request where master = ${number})`;
}

/** The category in the version that the request was born with. */
export async function categoryOf(work: Work, request: Row) {
  const city = await readCity(work.tx);
  const current = city.leaves.get(request.category);
  if (current?.version === request.category_version) return current;
  const { rows } = await work.tx.execute(
    sql`select body from cc_category where code = ${request.category} and version = ${request.category_version}`,
  );
  return { leaf: rows[0]!.body as LeafData };
}
