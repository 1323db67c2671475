import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { lockDataset } from './datasets.ts';
import { Absent, faulty } from './faults.ts';

/** How one dataset stands to another, said from either side. Kept from the first side. */
const types: readonly (readonly [forward: string, backward: string])[] = [
  ['depends_on', 'dependency_of'],
  ['derives_from', 'has_derivation'],
  ['links_to', 'linked_from'],
  ['child_of', 'parent_of'],
];

export interface Relationship extends Record<string, unknown> {
  readonly subject: string;
  readonly object: string;
  readonly type: string;
  readonly comment: string;
}

interface Pair {
  readonly subject: string;
  readonly object: string;
  readonly type: string;
}

/** Says how one dataset stands to another. Needs the right to change both. @throws Absent, Denied, Faulty */
export async function putRelationship(
  work: Work,
  pair: Pair & { readonly comment: string },
  options: { readonly known: boolean },
): Promise<Relationship> {
  const { subject, object, type } = await locked(work, pair);
  const { rows } = await work.tx.execute<{ n: number }>(
    options.known
      ? sql`update od_relationship set comment = ${pair.comment}
          where subject = ${subject} and object = ${object} and type = ${type} returning 1 as n`
      : sql`insert into od_relationship (subject, object, type, comment) values (${subject}, ${object}, ${type}, ${pair.comment})
          on conflict do nothing returning 1 as n`,
  );
  if (!rows[0]) {
    if (options.known) throw new Absent('This relationship between the packages was not found.');
    throw faulty('type', 'This relationship between the packages already exists');
  }
  await audit(work, {
    action: 'open-data:put_relationship',
    resource: `open-data-dataset:${subject}`,
    detail: { object, type },
  });
  return { subject: pair.subject, object: pair.object, type: pair.type, comment: pair.comment };
}

/** @throws Absent, Denied, Faulty */
export async function deleteRelationship(work: Work, pair: Pair): Promise<void> {
  const { subject, object, type } = await locked(work, pair);
  const { rows } = await work.tx.execute(
    sql`delete from od_relationship where subject = ${subject} and object = ${object} and type = ${type} returning 1`,
  );
  if (rows.length === 0) throw new Absent('This relationship between the packages was not found.');
  await audit(work, {
    action: 'open-data:delete_relationship',
    resource: `open-data-dataset:${subject}`,
    detail: { object, type },
  });
}

/** What is said of a dataset, from its own side, with names of public datasets only. */
export async function relationshipsOf(
  reader: Reader,
  dataset: string,
  wanted: { readonly other?: string; readonly type?: string },
): Promise<Relationship[]> {
  const { rows } = await reader.execute<Relationship & { forward: boolean }>(sql`
    select s.name as subject, o.name as object, r.type, r.comment, r.subject = ${dataset} as forward
    from od_relationship r join od_dataset s on s.id = r.subject join od_dataset o on o.id = r.object
    where ${dataset}::uuid in (r.subject, r.object)
      and ${wanted.other === undefined ? sql`true` : sql`${wanted.other}::uuid in (r.subject, r.object)`}
      and not (case when r.subject = ${dataset} then o.private or o.state not in ('published', 'archived')
        else s.private or s.state not in ('published', 'archived') end) order by r.id`);
  return rows
    .map(({ forward, ...one }) =>
      forward ? one : { ...one, subject: one.object, object: one.subject, type: turned(one.type) },
    )
    .filter((one) => wanted.type === undefined || one.type === wanted.type);
}

function turned(type: string): string {
  const pair = types.find((one) => one.includes(type))!;
  return pair[0] === type ? pair[1] : pair[0];
}

async function locked(work: Work, pair: Pair): Promise<Pair> {
  const known = types.find((one) => one.includes(pair.type));
  if (!known)
    throw faulty(
      'type',
      `Value must be one of [${types
        .flat()
        .map((one) => `'${one}'`)
        .join(', ')}]`,
    );
  const names = [pair.subject, pair.object];
  // In one order, so that two of them do not wait for each other.
  const ids = new Map<string, string>();
  for (const name of [...names].sort()) ids.set(name, (await lockDataset(work, name)).id);
  const [subject, object] = names.map((name) => ids.get(name)!) as [string, string];
  if (subject === object) throw faulty('object', 'A package cannot be related to itself');
  return known[0] === pair.type
    ? { subject, object, type: pair.type }
    : { subject: object, object: subject, type: known[0] };
}
