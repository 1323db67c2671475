import type { Clock } from './clock.ts';
import type { Tx } from './database/pool.ts';
import type { Secrets } from './identity/secrets.ts';

/** A permission held within a scope; null means everywhere. Permissions read `system:act`, such as `contact-centre:accept`. */
export interface Grant {
  readonly role: string;
  readonly permissions: ReadonlySet<string>;
  /** Id of the organisation to which the grant is limited. */
  readonly organisation: string | null;
  /** Code of the district to which the grant is limited. */
  readonly district: string | null;
  /** Code of the branch (of categories, services …) to which the grant is limited. */
  readonly branch: string | null;
}

/** The role of who reads over the usual rights in an emergency, for an hour (access/emergency.ts). */
export const emergencyRole = 'emergency';

/** Who acts: a resident, a member of staff in a post, a program with a key, or the city's own machinery. */
export interface Actor {
  readonly kind: 'anonymous' | 'person' | 'staff' | 'client' | 'system';
  /** Person id, or the key's id for a client; null for anonymous visitors and the system. */
  readonly id: string | null;
  /** A name fit for the history of a case: a post or a role for staff, never a resident's full name. */
  readonly name: string;
  /** Organisation in whose post a member of staff acts. */
  readonly organisation: string | null;
  readonly grants: readonly Grant[];
  /** How surely the identity is known: 0 not at all, 1 confirmed contact, 2 document or BankID, 3 qualified signature. */
  readonly assurance: 0 | 1 | 2 | 3;
  /** Cases, organisations and persons that a member of staff is off (access/recusal.ts): `request:…`, `organisation:…`, `person:…`. */
  readonly recused?: readonly string[];
}

export const anonymous: Actor = {
  kind: 'anonymous',
  id: null,
  name: '',
  organisation: null,
  grants: [],
  assurance: 0,
};

export function systemActor(name: string): Actor {
  return { kind: 'system', id: null, name, organisation: null, grants: [], assurance: 0 };
}

/**
 * One unit of work: what a domain function is given besides its input. Everything it changes, the audit entries and the
 * events it puts out belong to the one transaction.
 */
export interface Work {
  readonly tx: Tx;
  readonly actor: Actor;
  readonly clock: Clock;
  /** The installation's keys: what the work needs to seal and open personal data. */
  readonly secrets: Secrets;
  /** Ties together log lines, audit entries and the error page of one request. */
  readonly requestId: string;
}
