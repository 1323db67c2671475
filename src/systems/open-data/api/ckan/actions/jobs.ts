import { audit } from '#platform/audit/append.ts';
import { findDataset } from '../../../datasets.ts';
import { Absent } from '../../../faults.ts';
import { sendFollowLetters } from '../../../follow-letters.ts';
import {
  cancelLoads,
  type LastLoad,
  lastLoadOf,
  reload,
  type WaitingLoad,
  waitingLoads,
} from '../../../loading/reload.ts';
import { findResource } from '../../../resources.ts';
import { mustDo } from '../../../rights.ts';
import { type Action, type Actions, reading, writing } from '../action.ts';
import { flag, list, natural, needed } from '../parameters.ts';

/** The one queue that clients are told of: files that wait to be loaded. */
const queue = 'default';

/** What is done in the background: loads, which clients know by the names of two extensions, and letters to followers. */
export const jobActions: Actions = {
  job_list: reading({
    about: 'Loads that wait or are being worked on, the oldest first.',
    access: 'officer',
    parameters: { queues: list(), limit: natural(1000, 1000), ids_only: flag },
    async run({ db }, { queues, limit, ids_only }) {
      const all = queues && !queues.includes(queue) ? [] : await waitingLoads(db, { limit });
      return ids_only ? all.map((load) => load.id) : all.map(jobOf);
    },
  }),
  job_show: reading({
    about: 'One of them.',
    access: 'officer',
    parameters: { id: needed },
    async run({ db }, { id }) {
      const [found] = await waitingLoads(db, { id, limit: 1 });
      if (!found) throw new Absent();
      return jobOf(found);
    },
  }),
  job_cancel: writing({
    about: 'Ends a load; what was served stays.',
    access: 'officer',
    parameters: { id: needed },
    async run(call, { id }) {
      await call.work((work) => cancelLoads(work, id));
      return null;
    },
  }),
  job_clear: writing({
    about: 'Ends all loads that have not ended. Answers the queues that were emptied.',
    access: 'officer',
    parameters: { queues: list() },
    async run(call, { queues }) {
      if (queues && !queues.includes(queue)) return [];
      await call.work((work) => cancelLoads(work));
      return [queue];
    },
  }),
  send_email_notifications: writing({
    about: 'Writes to followers what has happened since the last letter.',
    access: 'officer',
    async run(call) {
      await call.work(async (work) => {
        const sent = await sendFollowLetters(work);
        await audit(work, {
          action: 'open-data:send_follow_letters',
          resource: 'open-data',
          detail: { sent },
        });
      });
      return null;
    },
  }),
  ...loaderActions('xloader'),
  ...loaderActions('datapusher'),
};

function jobOf(load: WaitingLoad) {
  return { id: load.id, title: `open-data.load ${load.fileName}`, created: load.created, queue };
}

function loaderActions(name: 'xloader' | 'datapusher'): Record<string, Action> {
  return {
    [`${name}_submit`]: writing({
      about: 'Loads the file of a resource once more. Answers whether there is one.',
      parameters: { resource_id: needed },
      run: async (call, { resource_id }) => (await call.work((work) => reload(work, resource_id))) !== null,
    }),
    [`${name}_status`]: reading({
      about: 'How the last load of a resource stands.',
      parameters: { resource_id: needed },
      async run({ db, actor }, { resource_id }) {
        const { dataset } = await findResource(db, resource_id);
        await mustDo(db, actor, 'write', await findDataset(db, dataset));
        const load = await lastLoadOf(db, resource_id);
        return {
          status: statusOf(load),
          job_id: load.id,
          job_url: null,
          last_updated: load.changed,
          key: name,
          task_info: { state: load.state, error: load.fault },
        };
      },
    }),
  };
}

/** In the words of those extensions. */
function statusOf({ state }: LastLoad): 'pending' | 'running' | 'complete' | 'error' {
  if (state === 'received') return 'pending';
  if (state === 'failed' || state === 'blocked') return 'error';
  return state === 'switched' || state === 'indexed' ? 'complete' : 'running';
}
