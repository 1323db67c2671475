import { sql } from 'drizzle-orm';
import { Absent, faulty } from '../../../faults.ts';
import { isUuid } from '../../../names.ts';
import { packageText } from '../../../served.ts';
import {
  createTag,
  createVocabulary,
  deleteTag,
  deleteVocabulary,
  findVocabulary,
  updateVocabulary,
} from '../../../tags.ts';
import { type Actions, type Call, reading, writing } from '../action.ts';
import { anything, flag, list, natural, needed, text } from '../parameters.ts';

interface Tag extends Record<string, unknown> {
  readonly id: string;
  readonly name: string;
  readonly vocabulary_id: string | null;
}

const dictOf = (tag: Tag) => ({
  id: tag.id,
  name: tag.name,
  display_name: tag.name,
  vocabulary_id: tag.vocabulary_id,
});

/** Free tags that a public dataset has, or all of a vocabulary. */
async function tagsOf(
  { db }: Call,
  wanted: { vocabulary: string | undefined; like: readonly string[]; limit?: number; offset?: number },
): Promise<{ count: number; tags: Tag[] }> {
  const vocabulary =
    wanted.vocabulary === undefined ? null : (await findVocabulary(db, wanted.vocabulary)).id;
  const likes = wanted.like.map((word) => `%${word.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`);
  const { rows } = await db.execute<Tag>(sql`
    select t.id, t.name, t.vocabulary as vocabulary_id from od_tag t
    where ${
      vocabulary === null
        ? sql`t.vocabulary is null and exists (select from od_dataset_tag x join od_dataset d on d.id = x.dataset
            where x.tag = t.id and not d.private and d.state in ('published', 'archived'))`
        : sql`t.vocabulary = ${vocabulary}`
    } and ${
      likes.length === 0
        ? sql`true`
        : sql`lower(t.name) like any (array(select jsonb_array_elements_text(${JSON.stringify(likes)}::jsonb)))`
    }
    order by t.name collate "uk-UA-x-icu", t.id`);
  const from = wanted.offset ?? 0;
  return {
    count: rows.length,
    tags: rows.slice(from, wanted.limit === undefined ? undefined : from + wanted.limit),
  };
}

/** Tags and vocabularies. */
export const tagActions: Actions = {
  tag_list: reading({
    about: 'The tags in use, or those of a vocabulary.',
    parameters: { query: text, vocabulary_id: text, all_fields: flag },
    async run(call, { query, vocabulary_id, all_fields }) {
      const { tags } = await tagsOf(call, {
        vocabulary: vocabulary_id,
        like: query === undefined ? [] : [query],
      });
      return all_fields ? tags.map(dictOf) : tags.map((tag) => tag.name);
    },
  }),
  tag_show: reading({
    about: 'One tag, by id or name.',
    parameters: { id: needed, vocabulary_id: text, include_datasets: flag },
    async run(call, { id, vocabulary_id, include_datasets }) {
      const vocabulary =
        vocabulary_id === undefined ? null : (await findVocabulary(call.db, vocabulary_id)).id;
      const { rows } = await call.db.execute<Tag>(sql`
        select id, name, vocabulary as vocabulary_id from od_tag
        where ${isUuid(id) ? sql`id = ${id} or` : sql``} (name = ${id} and vocabulary is not distinct from ${vocabulary}::uuid) limit 1`);
      const tag = rows[0];
      if (!tag) throw new Absent();
      if (!include_datasets) return dictOf(tag);
      const found = await call.db.execute<{ package: string }>(sql`
        select s.package from od_dataset_tag x join od_dataset d on d.id = x.dataset join od_search s on s.dataset = d.id
        where x.tag = ${tag.id} and not d.private and d.state in ('published', 'archived') order by d.name limit 1000`);
      return {
        ...dictOf(tag),
        packages: found.rows.map((row) => JSON.parse(packageText(row.package, call.site))),
      };
    },
  }),
  tag_search: reading({
    about: 'Tags that hold what was typed.',
    parameters: {
      query: list(),
      q: list(),
      vocabulary_id: text,
      fields: anything,
      limit: natural(1000, 1000),
      offset: natural(0),
    },
    async run(call, { query, q, vocabulary_id, limit, offset }) {
      const like = query ?? q ?? [];
      const { count, tags } = await tagsOf(call, { vocabulary: vocabulary_id, like, limit, offset });
      return {
        count,
        results: tags.map(({ id, name, vocabulary_id: of }) => ({ id, name, vocabulary_id: of })),
      };
    },
  }),
  tag_autocomplete: reading({
    about: 'Names of tags that hold what was typed.',
    parameters: { query: list(), q: list(), vocabulary_id: text, limit: natural(10, 100) },
    async run(call, { query, q, vocabulary_id, limit }) {
      const like = (query ?? q ?? []).filter(Boolean);
      if (like.length === 0) return [];
      return (await tagsOf(call, { vocabulary: vocabulary_id, like, limit })).tags.map((tag) => tag.name);
    },
  }),
  vocabulary_list: reading({
    about: 'The vocabularies with their tags.',
    async run(call) {
      const { rows } = await call.db.execute<{ id: string }>(sql`select id from od_vocabulary order by name`);
      return Promise.all(rows.map((row) => vocabularyOf(call, row.id)));
    },
  }),
  vocabulary_show: reading({
    about: 'One vocabulary, by id or name.',
    parameters: { id: needed },
    run: (call, { id }) => vocabularyOf(call, id),
  }),
  vocabulary_create: writing({
    about: 'Makes a vocabulary.',
    access: 'officer',
    parameters: { name: anything, tags: anything },
    async run(call, given) {
      const made = await call.work((work) => createVocabulary(work, given));
      return vocabularyOf(call, made.id);
    },
  }),
  vocabulary_update: writing({
    about: 'Renames a vocabulary or puts other tags in it.',
    access: 'officer',
    parameters: { id: needed, name: anything, tags: anything },
    async run(call, { id, ...given }) {
      const changed = await call.work((work) => updateVocabulary(work, id, given));
      return vocabularyOf(call, changed.id);
    },
  }),
  vocabulary_delete: writing({
    about: 'Removes an empty vocabulary.',
    access: 'officer',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => deleteVocabulary(work, id));
      return null;
    },
  }),
  tag_create: writing({
    about: 'Adds a tag to a vocabulary.',
    access: 'officer',
    parameters: { name: anything, vocabulary_id: anything },
    async run(call, { name, vocabulary_id }) {
      return dictOf(await call.work((work) => createTag(work, { name, vocabulary_id })));
    },
  }),
  tag_delete: writing({
    about: 'Removes a tag, also from the datasets that have it.',
    access: 'officer',
    parameters: { id: text, vocabulary_id: text },
    async run(call, { id, vocabulary_id }) {
      if (id === undefined) throw faulty('id', 'Missing value');
      await call.work((work) => deleteTag(work, { id, vocabulary: vocabulary_id ?? null }));
      return null;
    },
  }),
};

async function vocabularyOf(call: Call, idOrName: string) {
  const { id, name } = await findVocabulary(call.db, idOrName);
  const { tags } = await tagsOf(call, { vocabulary: id, like: [] });
  return { id, name, tags: tags.map(dictOf) };
}
