import { sql } from 'drizzle-orm';
import {
  createDataset,
  lockDataset,
  moveDataset,
  patchDataset,
  purgeDataset,
  readDataset,
  type Served,
  updateDataset,
} from '../../../datasets.ts';
import { faulty } from '../../../faults.ts';
import { canIn } from '../../../permissions.ts';
import { reorderResources } from '../../../resources.ts';
import { reviseDataset } from '../../../revise.ts';
import { packageText } from '../../../served.ts';
import { type Actions, type Call, Json, reading, writing } from '../action.ts';
import { anything, flag, integer, natural, needed, neededList, text } from '../parameters.ts';

const served = (call: Call, dataset: Served) => new Json(packageText(dataset.text, call.site));

/** Datasets: reading, writing, and what is done to many at once. */
export const datasetActions: Actions = {
  package_list: reading({
    about: 'The names of the public datasets, sorted.',
    parameters: { limit: integer(-1), offset: natural(0) },
    async run({ db }, { limit, offset }) {
      const { rows } = await db.execute<{ name: string }>(sql`
        select name from od_dataset where not private and state in ('published', 'archived') order by name collate "C"
        ${limit >= 0 ? sql`limit ${limit}` : sql``} offset ${offset}`);
      return rows.map((row) => row.name);
    },
  }),
  current_package_list_with_resources: reading({
    about: 'The public datasets with their resources, the last changed first.',
    parameters: { limit: integer(100), offset: natural(0), page: natural(0) },
    async run({ db, site }, { limit, offset, page }) {
      if (limit < 0) throw faulty('limit', 'Must be a natural number');
      const size = Math.min(limit, 1000);
      const from = page > 0 ? (page - 1) * size : offset;
      const { rows } = await db.execute<{ package: string }>(sql`
        select s.package from od_dataset d join od_search s on s.dataset = d.id
        where not d.private and d.state in ('published', 'archived') order by d.modified_at desc, d.id limit ${size} offset ${from}`);
      return new Json(`[${rows.map((row) => packageText(row.package, site)).join()}]`);
    },
  }),
  package_show: reading({
    about: 'One dataset, by name or id.',
    parameters: { id: text, name_or_id: text, use_default_schema: flag, include_tracking: flag },
    async run(call, given) {
      const id = given.id ?? given.name_or_id;
      if (id === undefined) throw faulty('id', 'Missing value');
      const dataset = await readDataset(call.db, call.actor, id);
      const { rows } = await call.db.execute<{ package: string }>(
        sql`select package from od_search where dataset = ${dataset.id}`,
      );
      return served(call, { id: dataset.id, text: rows[0]!.package });
    },
  }),
  package_autocomplete: reading({
    about: 'Datasets whose name or title begins with, or holds, what was typed.',
    parameters: { q: text, limit: natural(10, 100) },
    async run({ db }, { q, limit }) {
      if (q === undefined) throw faulty('q', 'Missing value');
      const like = `%${q.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
      const { rows } = await db.execute<{ name: string; title: string }>(sql`
        select name, title from od_dataset where not private and state = 'published' and (name like ${like} or lower(title) like ${like})
        order by (name like ${like}) desc, name limit ${limit}`);
      return rows.map(({ name, title }) => {
        const byName = name.includes(q.toLowerCase());
        const shown = title || name;
        return {
          name,
          title: shown,
          match_field: byName ? 'name' : 'title',
          match_displayed: byName ? name : `${shown} (${name})`,
        };
      });
    },
  }),
  package_create: writing({
    about: 'Makes a dataset.',
    run: async (call) => served(call, await call.work((work) => createDataset(work, call.sent))),
  }),
  package_update: writing({
    about: 'Puts a new text in place of the whole old one; what is missing is cleared.',
    parameters: { id: text, name: text },
    async run(call, { id, name }) {
      const which = id ?? name;
      if (which === undefined) throw faulty('id', 'Missing value');
      return served(call, await call.work((work) => updateDataset(work, which, call.sent)));
    },
  }),
  package_patch: writing({
    about: 'Puts the given keys in place of the old ones; lists as wholes.',
    parameters: { id: needed },
    run: async (call, { id }) => served(call, await call.work((work) => patchDataset(work, id, call.sent))),
  }),
  package_revise: writing({
    about: 'Changes parts of a dataset if it is as the caller believes.',
    async run(call) {
      const dataset = await call.work((work) => reviseDataset(work, call.sent));
      const whole = packageText(dataset.text, call.site);
      if (dataset.include === null) return new Json(`{"package":${whole}}`);
      return { package: dataset.include(JSON.parse(whole)) };
    },
  }),
  package_delete: writing({
    about: 'Takes a dataset from the public; its name is free then.',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => moveDataset(work, id, 'withdraw'));
      return null;
    },
  }),
  dataset_purge: writing({
    about: 'Removes a dataset for ever.',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => purgeDataset(work, id));
      return null;
    },
  }),
  package_owner_org_update: writing({
    about: 'Gives a dataset to another organization.',
    parameters: { id: needed, organization_id: text },
    async run(call, { id, organization_id }) {
      await call.work((work) => patchDataset(work, id, { owner_org: organization_id ?? null }));
      return null;
    },
  }),
  package_resource_reorder: writing({
    about: 'Puts resources of a dataset first, in this order.',
    parameters: { id: needed, order: neededList },
    run: (call, { id, order }) => call.work((work) => reorderResources(work, id, order)),
  }),
  bulk_update_private: bulk('Makes datasets of an organization private.', { private: true }),
  bulk_update_public: bulk('Makes datasets of an organization public.', { private: false }),
  bulk_update_delete: bulk('Takes datasets of an organization from the public.', null),
};

/** One change of many datasets of one organisation, all or none; null: they are withdrawn. */
function bulk(about: string, change: Readonly<Record<string, unknown>> | null) {
  return writing({
    about,
    parameters: { datasets: neededList, org_id: needed, organization: anything },
    async run(call, { datasets, org_id }) {
      await call.work(async (work) => {
        // In one order, so that two of them do not wait for each other.
        for (const id of [...new Set(datasets)].sort()) {
          const dataset = await lockDataset(work, id);
          const { rows } = await work.tx.execute<{ unit: string }>(
            sql`select unit from od_organisation where id::text = ${org_id} or name = ${org_id}`,
          );
          if (rows[0]?.unit !== dataset.unit || !canIn(work.actor, 'write', dataset.unit))
            throw faulty('datasets', `${id} is not a dataset of this organization`);
          if (change) await patchDataset(work, dataset.id, change);
          else if (dataset.state !== 'withdrawn') await moveDataset(work, dataset.id, 'withdraw');
        }
      });
      return null;
    },
  });
}
