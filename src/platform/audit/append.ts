import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Place } from '../identity/secrets.ts';
import { openFor, sealFor } from '../personal-data/seal.ts';
import type { Work } from '../work.ts';

/** What was done to what, and why. Reads of personal data are entries too. */
export interface AuditEntry {
  /** `system:act`, the same words as the permission. */
  readonly action: string;
  /** `kind:id`, such as `request:26483729153`. */
  readonly resource: string;
  /** Why personal data was read, in the words shown to the person. */
  readonly purpose?: string;
  /** Ids of the persons whose data it touches. */
  readonly subjects?: readonly string[];
  /** The case within which it was done, as `kind:id`, where the resource is not the case itself. */
  readonly case?: string;
  readonly result?: 'done' | 'refused';
  /** Facts fit for the log: no personal data. */
  readonly detail?: Record<string, unknown>;
  /** Facts about one person, sealed under that person's key: erasing the person leaves the entry and takes what they say. */
  readonly secret?: { readonly person: string; readonly facts: Record<string, unknown> };
}

/**
 * Appends an entry in the transaction of the act. If it cannot be written, the act does not happen and nothing leaves: the
 * answer is 503 (http/problems.ts).
 *
 * @returns the entry's id, under which the log will hold it: findEntry of proofs.ts.
 */
export async function audit(work: Work, { secret, ...entry }: AuditEntry): Promise<string> {
  const whole = auditEntryOf(work, entry);
  const sealed = secret && (await sealSecret(work, secret.person, secret.facts));
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`insert into audit_pending (entry) values (${JSON.stringify({ ...whole, sealed })}::jsonb) returning id`,
  );
  return rows[0]!.id;
}

/**
 * The entry with who, in which roles, how surely known, when and in which request: for acts that write it within a larger
 * statement of their own.
 */
export function auditEntryOf(work: Work, entry: Omit<AuditEntry, 'secret'>): Record<string, unknown> {
  const { actor } = work;
  const roles = [...new Set(actor.grants.map(({ role }) => role))].sort();
  return {
    at: work.clock.now().toISOString(),
    actor: {
      kind: actor.kind,
      id: actor.id,
      name: actor.name,
      organisation: actor.organisation,
      assurance: actor.assurance,
      ...(roles.length > 0 && { roles }),
    },
    requestId: work.requestId,
    result: 'done',
    ...entry,
  };
}

/** What an entry keeps of facts about a person. */
interface Sealed {
  readonly person: string;
  readonly place: string;
  readonly facts: string;
}

async function sealSecret(work: Work, person: string, facts: Record<string, unknown>): Promise<Sealed> {
  const place = randomUUID();
  const sealed = await sealFor(work, work.secrets, person, JSON.stringify(facts), secretPlace(place));
  return { person: work.secrets.blind('audit-subject', person), place, facts: sealed };
}

/** Opens the sealed facts of a log entry; null where there are none or the person is erased. */
export async function openSecret(
  work: Work,
  person: string,
  record: { readonly sealed?: Sealed },
): Promise<Record<string, unknown> | null> {
  if (!record.sealed) return null;
  const { place, facts } = record.sealed;
  const plain = await openFor(work.tx, work.secrets, person, facts, secretPlace(place));
  return plain === null ? null : (JSON.parse(plain) as Record<string, unknown>);
}

function secretPlace(row: string): Place {
  return { table: 'audit_log', column: 'sealed', row };
}
