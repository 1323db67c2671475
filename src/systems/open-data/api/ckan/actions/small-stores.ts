import { sql } from 'drizzle-orm';
import { audit } from '#platform/audit/append.ts';
import type { Work } from '#platform/work.ts';
import { asText, isRecord } from '../../../coercion.ts';
import { readDataset } from '../../../datasets.ts';
import { Absent, Faults, faulty } from '../../../faults.ts';
import { deleteRelationship, putRelationship, relationshipsOf } from '../../../relationships.ts';
import { type Actions, reading, writing } from '../action.ts';
import { anything, list, needed, neededList, text } from '../parameters.ts';

/** Small things that CKAN keeps for its extensions and that clients still ask for. */
export const smallActions: Actions = {
  package_relationships_list: reading({
    about: 'How a dataset stands to others.',
    parameters: { id: needed, id2: text, rel: text },
    async run(call, { id, id2, rel }) {
      const dataset = await readDataset(call.db, call.actor, id);
      const other = id2 === undefined ? undefined : (await readDataset(call.db, call.actor, id2)).id;
      return relationshipsOf(call.db, dataset.id, {
        ...(other === undefined ? {} : { other }),
        ...(rel === undefined ? {} : { type: rel }),
      });
    },
  }),
  package_relationship_create: writing({
    about: 'Says how one dataset stands to another.',
    parameters: { subject: needed, object: needed, type: needed, comment: text },
    run: (call, { comment, ...pair }) =>
      call.work((work) => putRelationship(work, { ...pair, comment: comment ?? '' }, { known: false })),
  }),
  package_relationship_update: writing({
    about: 'Changes the comment of what was said.',
    parameters: { subject: needed, object: needed, type: needed, comment: text },
    run: (call, { comment, ...pair }) =>
      call.work((work) => putRelationship(work, { ...pair, comment: comment ?? '' }, { known: true })),
  }),
  package_relationship_delete: writing({
    about: 'Takes back what was said.',
    parameters: { subject: needed, object: needed, type: needed },
    async run(call, pair) {
      await call.work((work) => deleteRelationship(work, pair));
      return null;
    },
  }),
  task_status_show: reading({
    about: 'How a task of an extension stands.',
    parameters: { id: text, entity_id: text, task_type: text, key: text },
    async run({ db }, { id, entity_id, task_type, key }) {
      if (id === undefined && entity_id === undefined) throw faulty('id', 'Missing value');
      const { rows } = await db.execute(sql`
        select ${taskColumns} from od_task_status where ${
          id === undefined
            ? sql`entity_id = ${entity_id} and task_type = ${task_type ?? ''} and key = ${key ?? ''}`
            : sql`id::text = ${id}`
        }`);
      if (!rows[0]) throw new Absent();
      return rows[0];
    },
  }),
  task_status_update: writing({
    about: 'Notes how a task stands.',
    access: 'officer',
    run: (call) => call.work((work) => putTask(work, call.sent)),
  }),
  task_status_update_many: writing({
    about: 'Notes how tasks stand.',
    access: 'officer',
    parameters: { data: anything },
    run: (call, { data }) =>
      call.work(async (work) => {
        const results: unknown[] = [];
        for (const one of recordsOf(data)) results.push(await putTask(work, one));
        return { results };
      }),
  }),
  task_status_delete: writing({
    about: 'Forgets a task.',
    access: 'officer',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work(async (work) => {
        const { rows } = await work.tx.execute(
          sql`delete from od_task_status where id::text = ${id} returning id`,
        );
        if (rows.length === 0) throw new Absent();
        await audit(work, { action: 'open-data:delete_task_status', resource: `open-data-task:${id}` });
      });
      return null;
    },
  }),
  term_translation_show: reading({
    about: 'What words are called in other languages.',
    parameters: { terms: neededList, lang_codes: list() },
    async run({ db }, { terms, lang_codes }) {
      const { rows } = await db.execute(sql`
        select term, term_translation, lang_code from od_term_translation
        where term in (select jsonb_array_elements_text(${JSON.stringify(terms)}::jsonb))
          and ${lang_codes ? sql`lang_code in (select jsonb_array_elements_text(${JSON.stringify(lang_codes)}::jsonb))` : sql`true`}
        order by term, lang_code`);
      return rows;
    },
  }),
  term_translation_update: writing({
    about: 'Notes what a word is called in another language.',
    access: 'officer',
    run: (call) => call.work((work) => putTerm(work, call.sent)),
  }),
  term_translation_update_many: writing({
    about: 'Notes what words are called in other languages.',
    access: 'officer',
    parameters: { data: anything },
    run: (call, { data }) =>
      call.work(async (work) => {
        const all = recordsOf(data);
        for (const one of all) await putTerm(work, one);
        return { success: `${all.length} rows updated` };
      }),
  }),
};

const taskColumns = sql`id, entity_id, entity_type, task_type, key, value, state, error,
  to_char(last_updated at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') as last_updated`;

function recordsOf(data: unknown): Record<string, unknown>[] {
  if (!Array.isArray(data)) throw faulty('data', 'id must be a list of dicts');
  return data.filter(isRecord);
}

async function putTask(work: Work, sent: Readonly<Record<string, unknown>>): Promise<unknown> {
  const faults = new Faults();
  const read = (field: string) => {
    const value = asText(sent[field]);
    if (value === null) faults.add(field, 'Missing value');
    return value;
  };
  const [entityId, entityType, taskType, key, value] = [
    read('entity_id'),
    read('entity_type'),
    read('task_type'),
    read('key'),
    read('value'),
  ];
  faults.refuse();
  const { rows } = await work.tx.execute(sql`
    insert into od_task_status (entity_id, entity_type, task_type, key, value, state, error, last_updated)
    values (${entityId}, ${entityType}, ${taskType}, ${key}, ${value}, ${asText(sent.state)}, ${asText(sent.error)},
      ${work.clock.now().toISOString()})
    on conflict (entity_id, task_type, key) do update set value = excluded.value, state = excluded.state, error = excluded.error,
      entity_type = excluded.entity_type, last_updated = excluded.last_updated returning ${taskColumns}`);
  await audit(work, { action: 'open-data:put_task_status', resource: `open-data-task:${entityId}` });
  return rows[0];
}

async function putTerm(work: Work, sent: Readonly<Record<string, unknown>>): Promise<unknown> {
  const faults = new Faults();
  const [term, translation, language] = ['term', 'term_translation', 'lang_code'].map((field) => {
    const value = asText(sent[field]);
    if (value === null) faults.add(field, 'Missing value');
    return value;
  });
  faults.refuse();
  await work.tx.execute(sql`
    insert into od_term_translation (term, lang_code, term_translation) values (${term}, ${language}, ${translation})
    on conflict (term, lang_code) do update set term_translation = excluded.term_translation`);
  await audit(work, { action: 'open-data:put_term', resource: `open-data-term:${language}` });
  return { term, term_translation: translation, lang_code: language };
}
