import type { Regime } from './city-data.ts';

/** The words in which a request's life is told: states, moves and who may make them. The one source of the rules. */
export const states = [
  'registered',
  'triage',
  'assigned',
  'accepted',
  'planned',
  'in_progress',
  'waiting_reporter',
  'claimed',
  'rework',
  'merged',
  'in_event',
  'closed',
] as const;
export type State = (typeof states)[number];

export const closings = ['confirmed', 'unverified', 'refused', 'transferred', 'withdrawn'] as const;
export type Closing = (typeof closings)[number];

export type Role =
  | 'reporter'
  | 'operator'
  | 'dispatcher'
  | 'crew'
  | 'controller'
  | 'supervisor'
  | 'moderator'
  | 'administrator'
  | 'system';
export const roles: readonly Role[] = [
  'reporter',
  'operator',
  'dispatcher',
  'crew',
  'controller',
  'supervisor',
  'moderator',
  'administrator',
  'system',
];

/** `before` is the state from which a question was asked. */
export type Target = State | 'before' | `closed:${Closing}`;

export interface MoveRow {
  readonly move: string;
  readonly from: readonly State[];
  readonly to: Target;
  readonly who: readonly Role[];
  /** What staff must hold, when it is not the move's own name. */
  readonly permission?: string;
  /** Only for requests of this regime. */
  readonly regime?: Regime;
}

const open: readonly State[] = [
  'registered',
  'triage',
  'assigned',
  'accepted',
  'planned',
  'in_progress',
  'waiting_reporter',
  'claimed',
  'rework',
  'in_event',
];
const beforeClaimed = open.filter((state) => state !== 'claimed' && state !== 'in_event');

/**
 * Every move there is. The first row that fits the move, the state and the actor's role decides; a move without a row
 * is refused with the names of those that have one.
 */
export const moves = [
  { move: 'route', from: ['registered', 'triage'], to: 'assigned', who: ['system'] },
  { move: 'leave_to_triage', from: ['registered'], to: 'triage', who: ['system'] },
  { move: 'assign', from: ['triage', 'assigned'], to: 'assigned', who: ['operator', 'supervisor'] },
  {
    move: 'assign',
    from: ['registered', 'accepted', 'planned', 'in_progress', 'waiting_reporter', 'rework'],
    to: 'assigned',
    who: ['supervisor'],
    permission: 'reassign',
  },
  { move: 'accept', from: ['assigned'], to: 'accepted', who: ['dispatcher'] },
  { move: 'return', from: ['assigned', 'accepted'], to: 'triage', who: ['dispatcher'] },
  {
    move: 'dispatch',
    from: ['accepted', 'planned', 'rework'],
    to: 'in_progress',
    who: ['dispatcher', 'crew'],
  },
  {
    move: 'arrive',
    from: ['in_progress'],
    to: 'in_progress',
    who: ['dispatcher', 'crew'],
    permission: 'dispatch',
  },
  { move: 'plan', from: ['accepted', 'in_progress', 'rework'], to: 'planned', who: ['dispatcher'] },
  {
    move: 'ask',
    from: ['assigned', 'accepted', 'in_progress', 'planned', 'rework'],
    to: 'waiting_reporter',
    who: ['dispatcher'],
  },
  { move: 'reply', from: ['waiting_reporter'], to: 'before', who: ['reporter', 'operator', 'system'] },
  {
    move: 'claim',
    from: ['accepted', 'planned', 'in_progress', 'waiting_reporter', 'rework'],
    to: 'claimed',
    who: ['crew', 'dispatcher'],
  },
  { move: 'reject', from: ['claimed'], to: 'rework', who: ['controller'] },
  { move: 'confirm', from: ['claimed'], to: 'closed:confirmed', who: ['reporter', 'controller', 'system'] },
  { move: 'veto', from: ['claimed'], to: 'rework', who: ['reporter', 'controller'] },
  { move: 'lapse', from: ['claimed'], to: 'closed:unverified', who: ['system'] },
  { move: 'reopen', from: ['closed'], to: 'rework', who: ['reporter', 'controller', 'supervisor'] },
  { move: 'refuse', from: ['registered', 'triage'], to: 'closed:refused', who: ['operator', 'system'] },
  {
    move: 'refuse',
    from: ['assigned', 'accepted'],
    to: 'closed:refused',
    who: ['dispatcher'],
    permission: 'answer_appeal',
    regime: 'statutory',
  },
  { move: 'transfer', from: ['registered', 'triage'], to: 'closed:transferred', who: ['operator'] },
  {
    move: 'transfer',
    from: ['assigned', 'accepted'],
    to: 'closed:transferred',
    who: ['dispatcher'],
    permission: 'answer_appeal',
    regime: 'statutory',
  },
  { move: 'withdraw', from: open, to: 'closed:withdrawn', who: ['reporter'] },
  { move: 'link', from: open, to: 'merged', who: ['operator', 'controller'] },
  { move: 'unlink', from: ['merged'], to: 'triage', who: ['operator', 'controller'] },
  { move: 'join_event', from: beforeClaimed, to: 'in_event', who: ['operator', 'system'] },
  { move: 'leave_event', from: ['in_event'], to: 'triage', who: ['operator', 'system'] },
  { move: 'event_resolved', from: ['in_event'], to: 'claimed', who: ['system'] },
] as const satisfies readonly MoveRow[];

export type Move = (typeof moves)[number]['move'];
/** What the history may also tell of: it leaves the state as it is. */
export type HistoryMove =
  | Move
  | 'register'
  | 'join'
  | 'note'
  | 'verdict'
  | 'mirror'
  | 'split'
  | 'import'
  | 'extend'
  | 'recount'
  | 'approve_plan'
  | 'pause_no_access'
  | 'pause_danger'
  | 'resume'
  | 'warn'
  | 'breach'
  | 'publish';

const rows: readonly (MoveRow & { move: Move })[] = moves;

/** The row that lets one of these roles make the move from the state; null when none does. */
export function rowFor(
  move: Move,
  from: State,
  by: readonly Role[],
  regime: Regime = 'service',
): MoveRow | null {
  return rows.find((row) => row.move === move && fits(row, from, by, regime)) ?? null;
}

function fits(row: MoveRow, from: State, by: readonly Role[], regime: Regime): boolean {
  return (
    row.from.includes(from) &&
    row.who.some((role) => by.includes(role)) &&
    (row.regime === undefined || row.regime === regime)
  );
}

/** Whether the move exists from the state for anybody at all. */
export function isMoveFrom(move: Move, from: State): boolean {
  return rows.some((row) => row.move === move && row.from.includes(from));
}

/** The moves that one of these roles may make from the state, in the table's order. */
export function movesFrom(from: State, by: readonly Role[], regime: Regime = 'service'): Move[] {
  return [...new Set(rows.filter((row) => fits(row, from, by, regime)).map((row) => row.move))];
}

/** The permission that staff need for the row, without the system's prefix. */
export function permissionOf(row: MoveRow): string {
  return row.permission ?? row.move;
}

/** The state as it is shown and published: `closed:confirmed`. */
export function shownState(state: State, closing: Closing | null): string {
  return closing === null ? state : `${state}:${closing}`;
}

/** The state told by a history, oldest entry first: each entry must begin where the one before it ended. */
export function fold(history: readonly { from: State | null; to: State }[]): State | null {
  let state: State | null = null;
  for (const entry of history) {
    if (entry.from !== state) throw new Error(`history breaks: ${entry.from} after ${state}`);
    state = entry.to;
  }
  return state;
}
