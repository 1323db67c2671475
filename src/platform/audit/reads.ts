import { sql } from 'drizzle-orm';
import { secretsOf } from '../identity/secrets.ts';
import type { Platform } from '../system.ts';
import { emergencyRole, type Work } from '../work.ts';
import { audit } from './append.ts';

/** One look at personal data. */
export interface PersonalRead {
  /** `kind:id` of what was opened, such as `request:26483729153`. */
  readonly resource: string;
  /** Why, in the words shown to the person. */
  readonly purpose: string;
  /** What kinds of data were seen: `name`, `address`, `health` … */
  readonly categories?: readonly string[];
  /** The case within which it was looked at, where the resource is not the case itself. */
  readonly case?: string;
}

/**
 * Records that the actor read data of these persons. A list of fifty people is one entry. Call it in the work that
 * reads: if the trace cannot be kept, the data does not leave. While somebody holds emergency rights (access/emergency.ts), every
 * look of theirs is marked.
 */
export async function recordRead(work: Work, subjects: readonly string[], read: PersonalRead): Promise<void> {
  if (subjects.length === 0) return;
  await audit(work, {
    action: 'personal-data:read',
    resource: read.resource,
    purpose: read.purpose,
    subjects,
    ...(read.case && { case: read.case }),
    detail: {
      ...(read.categories && { categories: read.categories }),
      ...(work.actor.grants.some(({ role }) => role === emergencyRole) && { breakGlass: true }),
    },
  });
}

/** One line of «Хто переглядав мої дані». */
export interface Viewer {
  readonly number: number;
  readonly at: Date;
  /** Post or role, never a private name. */
  readonly who: string;
  readonly organisation: string | null;
  readonly purpose: string;
  readonly resource: string;
  readonly case: string | null;
  readonly categories: readonly string[];
  readonly breakGlass: boolean;
}

/**
 * Who read the person's data, newest first; the person's own looks are left out, and so is what is withheld on a ground of law
 * until its end. An entry appears within about a second.
 */
export async function viewersOf(
  platform: Pick<Platform, 'db' | 'config' | 'clock'>,
  personId: string,
  options: { readonly limit?: number; readonly before?: number; readonly entry?: number } = {},
): Promise<Viewer[]> {
  const subject = secretsOf(platform.config).blind('audit-subject', personId);
  const { rows } = await platform.db.execute<{ number: string; at: string; record: string }>(
    sql`select number, at, record from audit_log
        where subjects @> array[${subject}]::text[] and purpose is not null
          and coalesce(record::jsonb #>> '{actor,id}', '') <> ${personId}
          and number < ${options.before ?? Number.MAX_SAFE_INTEGER}
          ${options.entry === undefined ? sql`` : sql`and number = ${options.entry}`}
          and not exists (select from audit_withholding w where w.person_id = ${personId} and w.resource = audit_log.resource
            and w.ended_at is null and w.until > ${platform.clock.now().toISOString()})
        order by number desc limit ${Math.min(options.limit ?? 50, 500)}`,
  );
  return rows.map(readViewer);
}

/** One entry as its subject sees it. */
export function readViewer(row: { number: string; at: string; record: string }): Viewer {
  const record = JSON.parse(row.record) as {
    actor: { name: string; organisation: string | null };
    purpose: string;
    resource: string;
    case?: string;
    detail?: { categories?: string[]; breakGlass?: boolean };
  };
  return {
    number: Number(row.number),
    at: new Date(row.at),
    who: record.actor.name,
    organisation: record.actor.organisation,
    purpose: record.purpose,
    resource: record.resource,
    case: record.case ?? null,
    categories: record.detail?.categories ?? [],
    breakGlass: record.detail?.breakGlass ?? false,
  };
}
