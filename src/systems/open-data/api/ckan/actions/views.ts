import { findDataset } from '../../../datasets.ts';
import { faulty } from '../../../faults.ts';
import { readResource } from '../../../resources.ts';
import { readWhole } from '../../../served.ts';
import {
  clearViews,
  createUsualViews,
  createView,
  deleteView,
  findView,
  reorderViews,
  updateView,
  type View,
  viewsOf,
} from '../../../views.ts';
import { type Actions, reading, writing } from '../action.ts';
import { flag, list, needed, neededList, text } from '../parameters.ts';

const dictOf = ({ extra, position: _, ...view }: View) => ({ ...extra, ...view });

/** Saved views of resources. */
export const viewActions: Actions = {
  resource_view_list: reading({
    about: 'The saved views of a resource.',
    parameters: { id: needed },
    async run(call, { id }) {
      await readResource(call.db, call.actor, id);
      return (await viewsOf(call.db, id)).map(dictOf);
    },
  }),
  resource_view_show: reading({
    about: 'One saved view.',
    parameters: { id: needed },
    async run(call, { id }) {
      const view = await findView(call.db, id);
      await readResource(call.db, call.actor, view.resource_id);
      return dictOf(view);
    },
  }),
  resource_view_create: writing({
    about: 'Saves a view of a resource.',
    run: async (call) => dictOf(await call.work((work) => createView(work, call.sent))),
  }),
  resource_view_update: writing({
    about: 'Puts other settings in place of a view’s.',
    parameters: { id: needed },
    run: async (call, { id }) => dictOf(await call.work((work) => updateView(work, id, call.sent))),
  }),
  resource_view_reorder: writing({
    about: 'Puts views of a resource first, in this order.',
    parameters: { id: needed, order: neededList },
    run: async (call, { id, order }) => ({
      id,
      order: await call.work((work) => reorderViews(work, id, order)),
    }),
  }),
  resource_view_delete: writing({
    about: 'Removes a view.',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => deleteView(work, id));
      return null;
    },
  }),
  resource_view_clear: writing({
    about: 'Removes all views, or those of some types.',
    access: 'officer',
    parameters: { view_types: list() },
    async run(call, { view_types }) {
      await call.work((work) => clearViews(work, view_types));
      return null;
    },
  }),
  resource_create_default_resource_views: writing({
    about: 'Makes the usual views of a resource.',
    parameters: { resource: text, id: text, create_datastore_views: flag },
    async run(call, { resource, id }) {
      const which = id ?? idIn(resource);
      if (which === undefined) throw faulty('resource', 'Missing value');
      return (await call.work((work) => createUsualViews(work, which))).map(dictOf);
    },
  }),
  package_create_default_resource_views: writing({
    about: 'Makes the usual views of all resources of a dataset.',
    parameters: { package: text, id: text, create_datastore_views: flag },
    async run(call, given) {
      const which = given.id ?? idIn(given.package);
      if (which === undefined) throw faulty('package', 'Missing value');
      const made = await call.work(async (work) => {
        const dataset = await findDataset(work.tx, which);
        const [whole] = await readWhole(work.tx, [dataset.id]);
        const views: View[] = [];
        for (const one of whole!.resources) views.push(...(await createUsualViews(work, one.id)));
        return views;
      });
      return made.map(dictOf);
    },
  }),
};

/** Clients send the whole record of what they mean. */
function idIn(record: string | undefined): string | undefined {
  if (record === undefined) return undefined;
  try {
    const whole = JSON.parse(record) as { id?: unknown };
    return typeof whole.id === 'string' ? whole.id : undefined;
  } catch {
    return record;
  }
}
