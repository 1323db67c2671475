import { type SQL, sql } from 'drizzle-orm';
import type { Actor } from '#platform/work.ts';
import { type ActivityType, recordActivity } from '../../../activity.ts';
import { asText, isRecord } from '../../../coercion.ts';
import { readDataset } from '../../../datasets.ts';
import { Absent, faulty } from '../../../faults.ts';
import { lineDiff } from '../../../line-diff.ts';
import { isUuid } from '../../../names.ts';
import { isOfficer, permission } from '../../../permissions.ts';
import { mustBeOfficer } from '../../../rights.ts';
import { packageText } from '../../../served.ts';
import { findUnit } from '../../../units.ts';
import { type Actions, type Call, reading, writing } from '../action.ts';
import { anything, flagOn, natural, needed, text } from '../parameters.ts';
import { userFor } from './users.ts';

interface Activity extends Record<string, unknown> {
  readonly id: string;
  readonly timestamp: string;
  readonly user_id: string | null;
  readonly object_id: string;
  readonly activity_type: string;
  readonly data: Record<string, unknown>;
}

const pages = {
  offset: natural(0),
  limit: natural(31, 100),
  before: text,
  after: text,
  include_hidden_activity: flagOn,
};
interface Page {
  readonly offset: number;
  readonly limit: number;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What happened. */
export const activityActions: Actions = {
  package_activity_list: reading({
    about: 'What happened to a dataset.',
    parameters: { id: needed, ...pages },
    async run(call, given) {
      const dataset = await readDataset(call.db, call.actor, given.id);
      return activities(call, sql`a.object = ${dataset.id}`, given);
    },
  }),
  organization_activity_list: reading({
    about: 'What happened in an organization.',
    parameters: { id: needed, ...pages },
    async run(call, given) {
      const { id } = await findUnit(call.db, call.actor, 'organization', given.id);
      return activities(call, sql`a.organisation = ${id}`, given);
    },
  }),
  group_activity_list: reading({
    about: 'What happened in a group.',
    parameters: { id: needed, ...pages },
    async run(call, given) {
      const { id } = await findUnit(call.db, call.actor, 'group', given.id);
      return activities(call, sql`${id}::uuid = any(a.groups)`, given);
    },
  }),
  user_activity_list: reading({
    about: 'What a user did.',
    parameters: { id: needed, ...pages },
    async run(call, given) {
      const { id } = await userFor(call, given.id);
      return activities(call, sql`(a.actor = ${id} or a.object = ${id})`, given);
    },
  }),
  recently_changed_packages_activity_list: reading({
    about: 'What happened to datasets.',
    parameters: pages,
    run: (call, given) => activities(call, sql`a.type like '% package'`, given),
  }),
  dashboard_activity_list: reading({
    about: 'What happened to what the caller follows.',
    access: 'signed in',
    parameters: pages,
    async run(call, given) {
      const seen = await seenAt(call);
      const all = await activities(call, ofMine(call.actor), given);
      return all.map((one) => ({ ...one, is_new: one.user_id !== call.actor.id && one.timestamp > seen }));
    },
  }),
  dashboard_new_activities_count: reading({
    about: 'How much of that is new.',
    access: 'signed in',
    async run(call) {
      const seen = await seenAt(call);
      const { rows } = await call.db.execute<{ count: number }>(sql`
        select count(*)::int as count from od_activity a where ${ofMine(call.actor)} and ${visible(call.actor)}
          and a.actor is distinct from ${call.actor.id} and a.at > ${`${seen}Z`}::timestamptz`);
      return rows[0]!.count;
    },
  }),
  dashboard_mark_activities_old: writing({
    about: 'Says that the caller has seen it all.',
    async run(call) {
      await call.work((work) =>
        work.tx.execute(
          sql`update od_user set activities_seen_at = ${work.clock.now().toISOString()} where person = ${work.actor.id}`,
        ),
      );
      return null;
    },
  }),
  activity_show: reading({
    about: 'One activity.',
    parameters: { id: needed, include_data: flagOn },
    async run(call, { id, include_data }) {
      const { data, ...rest } = await activity(call, id);
      return include_data ? { ...rest, data } : rest;
    },
  }),
  activity_data_show: reading({
    about: 'The object of an activity as it was then.',
    parameters: { id: needed, object_type: text },
    async run(call, { id, object_type }) {
      const { data } = await activity(call, id);
      if (object_type === undefined) return data;
      if (!(object_type in data)) throw new Absent('Could not find that object_type in the activity');
      return data[object_type];
    },
  }),
  activity_diff: reading({
    about: 'What an activity changed against the one before it.',
    parameters: { id: needed, object_type: needed, diff_type: text },
    async run(call, { id, object_type, diff_type }) {
      const type = diff_type ?? 'unified';
      if (!['unified', 'context', 'html'].includes(type))
        throw faulty('diff_type', 'diff_type not recognized');
      const after = await activity(call, id);
      const [before] = await activities(call, sql`a.object = ${after.object_id} and a.id < ${id}`, {
        offset: 0,
        limit: 1,
        before: undefined,
        after: undefined,
      });
      if (!before) throw new Absent('Previous activity on this object not found');
      const text = (one: Activity) => JSON.stringify(one.data[object_type] ?? {}, null, 2).split('\n');
      const lines = lineDiff(text(before), text(after));
      const diff =
        type === 'html'
          ? `<pre>${lines.map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;')).join('\n')}</pre>`
          : lines.join('\n');
      return { diff, activities: [before, after] };
    },
  }),
  activity_create: writing({
    about: 'Notes something that happened.',
    access: 'officer',
    parameters: { user_id: text, object_id: needed, activity_type: needed, data: anything },
    async run(call, { object_id, activity_type, data }) {
      if (!isUuid(object_id)) throw faulty('object_id', 'Invalid id provided');
      if (!/^(new|changed|deleted) (package|organization|group|user)$/.test(activity_type))
        throw faulty('activity_type', `Not found: Activity type`);
      await call.work(async (work) => {
        mustBeOfficer(work.actor);
        await recordActivity(work, {
          type: activity_type as ActivityType,
          object: object_id,
          data: isRecord(data) ? data : {},
        });
      });
      const [made] = await activities(call, sql`a.object = ${object_id}`, {
        offset: 0,
        limit: 1,
        before: undefined,
        after: undefined,
      });
      return made ?? null;
    },
  }),
};

const columns = sql`a.id, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as timestamp, a.actor as user_id,
  a.object as object_id, a.type as activity_type, a.data`;

/** What of it everybody may see: nothing of datasets that are not public now, or were not then. */
function visible(actor: Actor): SQL {
  if (isOfficer(actor)) return sql`true`;
  const read = actor.grants.filter(
    (grant) => grant.permissions.has(permission('read_private')) && grant.branch === null,
  );
  if (read.some((grant) => grant.organisation === null)) return sql`true`;
  const units = read.flatMap((grant) => grant.organisation ?? []);
  return sql`(
    a.type not like '% package' or exists (select from od_dataset d left join od_organisation o on o.id = d.organisation
      where d.id = a.object and ((not a.hidden and not d.private and d.state in ('published', 'archived'))
        or o.unit in (select jsonb_array_elements_text(${JSON.stringify(units)}::jsonb)))))`;
}

async function activities(call: Call, which: SQL, page: Page): Promise<Activity[]> {
  const instant = (value: string | undefined, field: string) => {
    if (value === undefined) return null;
    const seconds = Number(value);
    if (!Number.isFinite(seconds)) throw faulty(field, 'Please enter a valid timestamp');
    return new Date(seconds * 1000).toISOString();
  };
  const before = instant(page.before, 'before');
  const after = instant(page.after, 'after');
  const { rows } = await call.db.execute<Activity>(sql`
    select ${columns} from od_activity a where ${which} and ${visible(call.actor)}
      and ${before === null ? sql`true` : sql`a.at < ${before}`} and ${after === null ? sql`true` : sql`a.at > ${after}`}
    order by a.at desc, a.id desc limit ${page.limit} offset ${page.offset}`);
  return rows.map((row) => ({ ...row, data: JSON.parse(packageText(JSON.stringify(row.data), call.site)) }));
}

async function activity(call: Call, id: string): Promise<Activity> {
  const [found] = isUuid(id)
    ? await activities(call, sql`a.id = ${id}`, { offset: 0, limit: 1, before: undefined, after: undefined })
    : [];
  if (!found) throw new Absent();
  return found;
}

/** Of what the caller follows, and of the caller. */
function ofMine(actor: Actor): SQL {
  return sql`(a.actor = ${actor.id} or a.object in (select object from od_follow where follower = ${actor.id})
    or a.organisation in (select object from od_follow where follower = ${actor.id} and kind = 'organization')
    or a.actor in (select object from od_follow where follower = ${actor.id} and kind = 'user')
    or a.groups && array(select object from od_follow where follower = ${actor.id} and kind = 'group'))`;
}

async function seenAt(call: Call): Promise<string> {
  const { rows } = await call.db.execute<{ at: string | null }>(sql`
    select to_char(activities_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as at from od_user where person = ${call.actor.id}`);
  return asText(rows[0]?.at) ?? '1970-01-01T00:00:00.000000';
}
