import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { makeKnown } from './people.ts';

/** `new package`, `changed organization`, `deleted user` …: what CKAN's clients call what happened. */
export type ActivityType =
  `${'new' | 'changed' | 'deleted'} ${'package' | 'organization' | 'group' | 'user'}`;

export interface NewActivity {
  readonly type: ActivityType;
  readonly object: string;
  /** Ids whose lists of activities show it. */
  readonly organisation?: string | null;
  readonly groups?: readonly string[];
  /** Of something that strangers may not see. */
  readonly hidden?: boolean;
  /** The object as it was then. */
  readonly data: Record<string, unknown>;
}

/** The person who acts; null: the city itself, or nobody who has a name. */
export function personOf(work: Work): string | null {
  return work.actor.kind === 'person' || work.actor.kind === 'staff' ? work.actor.id : null;
}

/** Writes down what happened, in the transaction of the act. */
export async function recordActivity(work: Work, activity: NewActivity): Promise<void> {
  const actor = personOf(work);
  if (actor) await makeKnown(work, actor);
  await work.tx.execute(sql`
    insert into od_activity (at, actor, type, object, hidden, organisation, groups, data)
    values (${work.clock.now().toISOString()}, ${actor}, ${activity.type}, ${activity.object}, ${activity.hidden ?? false},
      ${activity.organisation ?? null},
      array(select jsonb_array_elements_text(${JSON.stringify(activity.groups ?? [])}::jsonb)::uuid),
      ${JSON.stringify(activity.data)}::jsonb)`);
}
