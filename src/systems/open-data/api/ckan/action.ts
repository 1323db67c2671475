import type { Db } from '#platform/database/pool.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor, Work } from '#platform/work.ts';
import type { TokenScope } from '../../permissions.ts';
import { type Given, type Parameters, readGiven } from './parameters.ts';

/** One call of an action. */
export interface Call {
  readonly platform: Platform;
  readonly db: Db;
  readonly actor: Actor;
  /** How far the token of the call lets its person go. */
  readonly scopes: readonly TokenScope[];
  /** Public address of the portal, without a slash at its end. */
  readonly site: string;
  /** All that was sent, as it was sent. */
  readonly sent: Readonly<Record<string, unknown>>;
  /** Runs a domain act in one transaction. */
  work<T>(act: (work: Work) => Promise<T>): Promise<T>;
}

/** An answer that is JSON already. */
export class Json {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Who may call; what they may see or change there is for the domain to say. */
export type Access = 'everybody' | 'signed in' | 'officer';

/** An action of the API: what it takes, who may call it, whether it only reads, and what it does. */
export interface Action {
  /** For people who ask `help_show`. */
  readonly about: string;
  readonly access: Access;
  /** Side-effect-free: may be called by GET. */
  readonly reads: boolean;
  readonly parameters: Parameters;
  run(call: Call): Promise<unknown>;
}

interface Definition<P extends Parameters> {
  readonly about: string;
  readonly access?: Access;
  readonly parameters?: P;
  run(call: Call, given: Given<P>): Promise<unknown>;
}

export type Actions = Readonly<Record<string, Action>>;

/** An action that only reads; everybody may call it unless told otherwise. */
export function reading<const P extends Parameters>(definition: Definition<P>): Action {
  return make(definition, true, 'everybody');
}

/** An action that changes something; whoever calls it is signed in. */
export function writing<const P extends Parameters>(definition: Definition<P>): Action {
  return make(definition, false, 'signed in');
}

function make<P extends Parameters>(definition: Definition<P>, reads: boolean, usual: Access): Action {
  const parameters = definition.parameters ?? ({} as P);
  return {
    about: definition.about,
    access: definition.access ?? usual,
    reads,
    parameters,
    run: (call) => definition.run(call, readGiven(parameters, call.sent)),
  };
}
