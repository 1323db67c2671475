// What stands between the city and PostgreSQL: Drizzle and the session of each request (platform.md §16).
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { openPool } from '#platform/database/pool.ts';
import { appRole } from '#platform/database/roles.ts';
import { personaPerson } from '#platform/identity/personas.ts';
import { sessionReader, startSession } from '#platform/identity/sessions.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor } from '#platform/work.ts';
import { statement } from '../src/systems/contact-centre/statement.ts';
import { connect, withCity } from './city.ts';
import { record } from './figures.ts';
import { median, percentile } from './load.ts';
import { hasPgbench, pgbench } from './pgbench.ts';

const clients = 10;

export async function database(): Promise<void> {
  await withCity(async ({ url, directory }) => {
    const pool = openPool(url, { role: appRole });
    const config = readConfig({ MISTO_MODE: 'demo', MISTO_DATA_DIR: directory });
    const platform = createPlatform({ config, clock: systemClock, pool, systems: [] });
    const { rows } = await pool.query<{ id: string }>('select id from cc_building order by id limit 100');
    const id = () => rows[Math.floor(Math.random() * rows.length)]!.id;

    const text = 'select id, street, house, address, district, lat, lon from cc_building where id = $1';
    const prepared = statement<{ id: string }>('bench_building', text);
    record(
      'primary-key read by prepared Drizzle / bare prepared pg',
      await interleaved(
        () => prepared(platform.db, [id()]),
        () => pool.query({ name: 'bench_bare', text, values: [id()] }),
      ),
      'at least',
      0.75,
    );

    if (hasPgbench()) {
      record(
        'primary-key read / pgbench',
        await beside(
          () => prepared(platform.db, [id()]),
          () =>
            pgbench(
              url,
              `\\set n random(1, 100)\nselect id, street, house, address, district, lat, lon from cc_building where id = '${rows[0]!.id}' and :n > 0;`,
            ),
        ),
        'at least',
        0.28,
      );
      const admin = await connect(url);
      await admin.query(`create table bench_row (id bigint generated always as identity primary key, at timestamptz, words text);
        grant insert on bench_row to ${appRole}`);
      const words = 'insert into bench_row (at, words) values (now(), $1)';
      const insert = statement<never>('bench_insert', words);
      record(
        'insert / pgbench',
        await beside(
          () => insert(platform.db, ['слово '.repeat(20)]),
          () => pgbench(url, `insert into bench_row (at, words) values (now(), '${'слово '.repeat(20)}');`),
        ),
        'at least',
        0.45,
      );
      await admin.end();
    }

    const token = await platform.work(systemActor('bench'), async (work) =>
      startSession(work, {
        personId: await personaPerson(work, platform, 'administrator'),
        kind: 'staff',
        assurance: 2,
        device: 'bench',
        method: 'totp',
      }),
    );
    const read = sessionReader(platform);
    const times: number[] = [];
    for (let i = 0; i < 2_000; i++) {
      const started = performance.now();
      if (!(await read(token))) throw new Error('the session is not known');
      times.push(performance.now() - started);
    }
    record('session and grants of a request, p50', percentile(times.slice(500), 0.5), 'at most', 1, ' ms');

    await pool.end();
  });
}

/** Rate of the first over the rate of the second, in turn, median of five rounds. */
export async function interleaved(
  ours: () => Promise<unknown>,
  theirs: () => Promise<unknown>,
): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < 6; round++) {
    const bare = await perSecond(theirs);
    ratios.push((await perSecond(ours)) / bare);
  }
  return median(ratios.slice(1));
}

/** The same against a rate that another program measures. */
async function beside(ours: () => Promise<unknown>, theirs: () => number): Promise<number> {
  const ratios: number[] = [];
  for (let round = 0; round < 4; round++) {
    const limit = theirs();
    ratios.push((await perSecond(ours)) / limit);
  }
  return median(ratios.slice(1));
}

async function perSecond(act: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + 1_000;
  let done = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        await act();
        done += 1;
      }
    }),
  );
  return done;
}
