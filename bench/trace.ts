// What the trace of reads costs: the controller's call-back list, which names up to fifty people, with its trace and without (platform.md §16).
import pg from 'pg';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { createPlatform } from '#platform/platform.ts';
import { type Actor, systemActor } from '#platform/work.ts';
import { callBacks } from '../src/systems/contact-centre/lists/index.ts';
import { permissions } from '../src/systems/contact-centre/permissions.ts';
import { interleaved } from './database.ts';
import { record } from './figures.ts';

/** Over the database of a city that has its demo year. */
export async function trace(url: string, directory: string): Promise<void> {
  const pool = openPool(url, { role: appRole });
  const config = readConfig({ MISTO_MODE: 'demo', MISTO_DATA_DIR: directory });
  const platform = createPlatform({ config, clock: systemClock, pool, systems: [] });
  const controller: Actor = {
    ...systemActor('bench'),
    kind: 'staff',
    grants: [
      {
        role: 'controller',
        organisation: null,
        district: null,
        branch: null,
        permissions: new Set(permissions),
      },
    ],
  };
  const look = async () => {
    const { rows } = await platform.work(controller, (work) => callBacks(work));
    if (!rows[0]?.phone) throw new Error('the list names nobody');
  };
  const entries = async () => {
    const { rows } = await pool.query<{ n: number }>(
      `select ((select count(*) from audit_pending) + (select count(*) from audit_log))::int as n`,
    );
    return rows[0]!.n;
  };
  const before = await entries();
  await look();
  if ((await entries()) === before) throw new Error('a look at the list left no trace');
  record(
    'throughput that the trace of reads takes from the call-back list',
    (1 - (await interleaved(look, () => untraced(look)))) * 100,
    'at most',
    15,
    ' %',
  );
  await pool.end();
}

const query = pg.Client.prototype.query;
let silent = 0;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [what] = args as [string | { text: string }];
  const text = typeof what === 'string' ? what : what.text;
  if (silent && text.startsWith('insert into audit_pending'))
    return Promise.resolve({ rows: [], rowCount: 1, fields: [] });
  return Reflect.apply(query, this, args);
} as typeof query;

async function untraced(act: () => Promise<void>): Promise<void> {
  silent += 1;
  await act();
  silent -= 1;
}
