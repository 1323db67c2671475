import { can, type Resource } from '#platform/access/index.ts';
import type { Actor } from '#platform/work.ts';
import type { Regime } from './city-data.ts';
import { verifying } from './moves.ts';
import { staffRoles } from './moving/who.ts';
import { permission } from './permissions.ts';
import { type Move, movesFrom, permissionOf, rowFor, type State } from './states.ts';

/** What decides who may do what with a request. */
export interface Standing extends Resource {
  readonly state: State;
  readonly regime: Regime;
}

/** Made where the outage or the planned works are led, never on the page of one request. */
const elsewhere = new Set<Move>(['join_event', 'leave_event', 'event_resolved']);

/** The step that mostly comes next, the likeliest first. */
const usual: Partial<Readonly<Record<State, readonly Move[]>>> = {
  registered: ['assign', 'refuse'],
  triage: ['assign', 'refuse'],
  assigned: ['accept', 'assign'],
  accepted: ['dispatch', 'plan'],
  planned: ['dispatch', 'claim'],
  in_progress: ['claim', 'arrive'],
  waiting_reporter: ['reply', 'claim'],
  claimed: ['confirm', 'reject'],
  rework: ['dispatch', 'claim'],
  merged: ['unlink'],
  closed: ['reopen'],
};

/**
 * The moves that the actor may make now, the usual next one first. What it leaves out `act` would refuse; what it names
 * may still lack a ground or an answer.
 */
export function offersFor(actor: Actor, request: Standing): Move[] {
  const by = staffRoles(actor, request);
  const own = actor.organisation !== null && actor.organisation === request.organisation;
  const allowed = movesFrom(request.state, by, request.regime).filter(
    (move) =>
      !elsewhere.has(move) &&
      !(own && by.includes('controller') && verifying.has(move)) &&
      can(actor, permission(permissionOf(rowFor(move, request.state, by, request.regime)!)), request),
  );
  const first = (usual[request.state] ?? []).filter((move) => allowed.includes(move));
  return [...first, ...allowed.filter((move) => !first.includes(move))];
}

/** How much of the personal data of a request the actor may see. */
export interface Sight {
  /** The words, the address and the answers as they were given. */
  readonly words: boolean;
  /** Names, telephones and flats of those who reported. */
  readonly contacts: boolean;
  /** The notes and moves of staff. */
  readonly notes: boolean;
}

/**
 * What the actor may see. The executor's people learn who lives there only where they must get in; the contact centre,
 * which speaks with reporters, always.
 *
 * @param access whether the category says that the executor must get in.
 */
export function sightOf(actor: Actor, resource: Resource, access: boolean): Sight {
  const executor = actor.organisation !== null && actor.organisation === resource.organisation;
  return {
    words: can(actor, permission('read_private'), resource),
    contacts: can(actor, permission('read_contacts'), resource) && (access || !executor),
    notes: can(actor, permission('note'), resource),
  };
}
