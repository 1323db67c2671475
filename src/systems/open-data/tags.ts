import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Reader } from '#platform/database/pool.ts';
import type { Work } from '#platform/work.ts';
import { checkTag, type TagInput } from './dataset-input.ts';
import { Absent, Faults, faulty } from './faults.ts';
import { isUuid } from './names.ts';
import { mustBeOfficer } from './rights.ts';
import { refresh } from './served.ts';

/**
 * The ids of tags; free ones that are new are made, in one order, so that two who make the same do not wait for each other in a
 * circle.
 *
 * @throws Faulty for a word that its vocabulary does not hold.
 */
export async function tagIds(work: Work, tags: readonly TagInput[]): Promise<string[]> {
  const free = tags.filter((tag) => tag.vocabulary === null).map((tag) => tag.name);
  const names = sql`(select jsonb_array_elements_text(${JSON.stringify([...new Set(free)].sort())}::jsonb) as name)`;
  if (free.length > 0)
    await work.tx.execute(
      sql`insert into od_tag (name) select name from ${names} n order by name on conflict do nothing`,
    );
  const { rows } = await work.tx.execute<{ id: string }>(
    sql`select id from od_tag where vocabulary is null and name in ${names}`,
  );
  const ids = rows.map((row) => row.id);
  for (const tag of tags) {
    if (tag.vocabulary === null) continue;
    const found = await work.tx.execute<{ id: string }>(sql`
      select t.id from od_tag t join od_vocabulary v on v.id = t.vocabulary
      where (v.id::text = ${tag.vocabulary} or v.name = ${tag.vocabulary}) and t.name = ${tag.name}`);
    if (!found.rows[0])
      throw faulty('tags', `Tag ${tag.name} does not belong to vocabulary ${tag.vocabulary}`);
    ids.push(found.rows[0].id);
  }
  return ids;
}

export interface Vocabulary extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
}

/** Makes a closed list of tags. The officer's. @throws Denied, Faulty */
export async function createVocabulary(
  work: Work,
  input: { readonly name: unknown; readonly tags?: unknown },
): Promise<Vocabulary> {
  mustBeOfficer(work.actor);
  const name = await vocabularyName(work, input.name, null);
  const { rows } = await work.tx.execute<Vocabulary>(
    sql`insert into od_vocabulary (name) values (${name}) returning id, name`,
  );
  const made = rows[0]!;
  for (const tag of namesOf(input.tags) ?? []) await createTag(work, { name: tag, vocabulary_id: made.id });
  await audit(work, { action: 'open-data:create_vocabulary', resource: `open-data-vocabulary:${made.id}` });
  return made;
}

/** Renames a vocabulary, or puts another list of tags in its place. @throws Denied, Absent, Faulty */
export async function updateVocabulary(
  work: Work,
  id: string,
  input: { readonly name?: unknown; readonly tags?: unknown },
): Promise<Vocabulary> {
  mustBeOfficer(work.actor);
  const found = await findVocabulary(work.tx, id);
  if (input.name !== undefined && input.name !== found.name)
    await work.tx.execute(
      sql`update od_vocabulary set name = ${await vocabularyName(work, input.name, found.id)} where id = ${found.id}`,
    );
  const names = namesOf(input.tags);
  if (names) {
    const { rows } = await work.tx.execute<{ id: string; name: string }>(
      sql`select id, name from od_tag where vocabulary = ${found.id}`,
    );
    for (const tag of rows) if (!names.includes(tag.name)) await deleteTag(work, { id: tag.id });
    for (const name of names)
      if (!rows.some((tag) => tag.name === name)) await createTag(work, { name, vocabulary_id: found.id });
  }
  await audit(work, { action: 'open-data:update_vocabulary', resource: `open-data-vocabulary:${found.id}` });
  return findVocabulary(work.tx, found.id);
}

/** Removes an empty vocabulary. @throws Denied, Absent, Faulty */
export async function deleteVocabulary(work: Work, id: string): Promise<void> {
  mustBeOfficer(work.actor);
  const found = await findVocabulary(work.tx, id);
  const { rows } = await work.tx.execute(sql`select from od_tag where vocabulary = ${found.id} limit 1`);
  if (rows.length > 0) throw faulty('id', 'Cannot delete a vocabulary that holds tags');
  await work.tx.execute(sql`delete from od_vocabulary where id = ${found.id}`);
  await audit(work, { action: 'open-data:delete_vocabulary', resource: `open-data-vocabulary:${found.id}` });
}

/** Adds a word to a vocabulary. The officer's. @throws Denied, Absent, Faulty */
export async function createTag(
  work: Work,
  input: { readonly name: unknown; readonly vocabulary_id: unknown },
): Promise<{ id: string; name: string; vocabulary_id: string }> {
  mustBeOfficer(work.actor);
  const faults = new Faults();
  const name = typeof input.name === 'string' ? input.name.trim().normalize('NFC') : '';
  if (input.name === undefined || input.name === '') faults.add('name', 'Missing value');
  else checkTag(name, 'name', faults);
  if (!input.vocabulary_id) faults.add('vocabulary_id', 'Missing value');
  faults.refuse();
  const vocabulary = await findVocabulary(work.tx, String(input.vocabulary_id)).catch(() => {
    throw faulty('vocabulary_id', 'Tag vocabulary was not found.');
  });
  const { rows } = await work.tx.execute<{ id: string }>(sql`
    insert into od_tag (name, vocabulary) values (${name}, ${vocabulary.id}) on conflict do nothing returning id`);
  if (!rows[0]) throw faulty('name', `Tag ${name} already belongs to vocabulary ${vocabulary.id}`);
  return { id: rows[0].id, name, vocabulary_id: vocabulary.id };
}

/** Removes a tag, and takes it off every dataset. The officer's. @throws Denied, Absent */
export async function deleteTag(
  work: Work,
  which: { readonly id: string; readonly vocabulary?: string | null },
): Promise<void> {
  mustBeOfficer(work.actor);
  const { rows } = await work.tx.execute<{ id: string; datasets: string[] }>(sql`
    select t.id, to_jsonb(array(select x.dataset from od_dataset_tag x where x.tag = t.id order by 1)) as datasets
    from od_tag t left join od_vocabulary v on v.id = t.vocabulary
    where t.id::text = ${which.id} or (t.name = ${which.id}
      and ${which.vocabulary ? sql`${which.vocabulary} in (v.id::text, v.name)` : sql`t.vocabulary is null`})
    for update of t`);
  const found = rows[0];
  if (!found) throw new Absent(`Could not find tag "${which.id}"`);
  await work.tx.execute(sql`delete from od_tag where id = ${found.id}`);
  await refresh(work, found.datasets);
  await audit(work, { action: 'open-data:delete_tag', resource: `open-data-tag:${found.id}` });
}

/** @throws Absent */
export async function findVocabulary(reader: Reader, idOrName: string): Promise<Vocabulary> {
  const { rows } = await reader.execute<Vocabulary>(
    sql`select id, name from od_vocabulary where ${isUuid(idOrName) ? sql`id = ${idOrName}` : sql`name = ${idOrName}`}`,
  );
  if (!rows[0]) throw new Absent(`Could not find vocabulary "${idOrName}"`);
  return rows[0];
}

async function vocabularyName(work: Work, given: unknown, own: string | null): Promise<string> {
  if (given === undefined || given === null || given === '') throw faulty('name', 'Missing value');
  const name = String(given);
  const faults = new Faults();
  if (name.length < 2) faults.add('name', 'Must be at least 2 characters long');
  if (name.length > 100) faults.add('name', 'Name must be a maximum of 100 characters long');
  faults.refuse();
  const { rows } = await work.tx.execute(
    sql`select from od_vocabulary where name = ${name} and id is distinct from ${own}`,
  );
  if (rows.length > 0) throw faulty('name', 'That vocabulary name is already in use.');
  return name;
}

function namesOf(tags: unknown): string[] | null {
  if (!Array.isArray(tags)) return null;
  return tags.map((tag) => String((tag as { name?: unknown } | null)?.name ?? tag));
}
