import type { Context } from 'hono';
import { Refusal } from '../errors.ts';
import { signedIn } from '../http/guard.ts';
import type { MistoEnv, Platform } from '../system.ts';
import type { Actor } from '../work.ts';

/** How a person may prove who they are. */
export type ProofMethod = 'email' | 'totp' | 'demo';

/** What an act of weight asks of the person behind the session. */
export interface Proof {
  /** The least assurance: 1 confirmed contact, 2 document or second factor. */
  readonly level: Actor['assurance'];
  /** How long ago the last proof may be, in milliseconds. */
  readonly maxAge: number;
  /** Which proofs count; all unless given. */
  readonly methods?: readonly ProofMethod[];
}

const tenMinutes = 10 * 60_000;

/** What each act of weight asks for. */
export const proofs = {
  /** Everything the city holds about oneself leaves. */
  export: { level: 1, maxAge: tenMinutes },
  /** Somebody's data goes for good. */
  erasure: { level: 2, maxAge: tenMinutes },
  /** Rights, passwords, second factors and keys of others. */
  keys: { level: 2, maxAge: tenMinutes },
  /** Reading over the usual rights. */
  emergency: { level: 2, maxAge: tenMinutes },
} as const satisfies Readonly<Record<string, Proof>>;

/**
 * Lets an act go on only after a proof as fresh and as strong as it declares. A browser is asked for one and then goes on with
 * what was typed.
 *
 * @throws Refusal 401 `proof-needed`.
 */
export function mustProve(c: Context<MistoEnv>, platform: Pick<Platform, 'clock'>, proof: Proof): void {
  const actor = signedIn(c);
  const session = c.var.visit.session;
  const age = session
    ? platform.clock.now().getTime() - session.provedAt.getTime()
    : Number.POSITIVE_INFINITY;
  const fits = !proof.methods || (proof.methods as readonly string[]).includes(session?.proofMethod ?? '');
  if (actor.assurance >= proof.level && age <= proof.maxAge && fits) return;
  throw new Refusal(401, 'proof-needed', 'prove once more who you are', {
    level: proof.level,
    maxAge: proof.maxAge / 1000,
    ...(proof.methods && { methods: proof.methods }),
  });
}
