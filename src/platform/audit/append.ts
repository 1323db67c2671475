import { sql } from 'drizzle-orm';
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
  readonly result?: 'done' | 'refused';
  /** Facts fit for the log: no personal data. */
  readonly detail?: Record<string, unknown>;
}

/** Appends an entry in the transaction of the act. If it cannot be written, the act does not happen. */
export async function audit(work: Work, entry: AuditEntry): Promise<void> {
  const whole = JSON.stringify(auditEntryOf(work, entry));
  await work.tx.execute(sql`insert into audit_pending (entry) values (${whole}::jsonb)`);
}

/** The entry with who, when and in which request: for acts that write it within a larger statement of their own. */
export function auditEntryOf(work: Work, entry: AuditEntry): Record<string, unknown> {
  const { actor } = work;
  return {
    at: work.clock.now().toISOString(),
    actor: { kind: actor.kind, id: actor.id, name: actor.name, organisation: actor.organisation },
    requestId: work.requestId,
    result: 'done',
    ...entry,
  };
}
