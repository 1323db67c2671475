// Keeps: kill -9 at 20 random points of loads, of writing rows and of publishing, with readers in between: whole versions served,
// nothing half-visible, loads that go on, nothing left behind (open-data.md 3, 4.5, 12). A quarter of them kill the process; the others
// end all of its connections, which is what the database sees of a kill, and cost no start of another process.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, it } from 'vitest';
import { systemClock } from '#platform/clock.ts';
import { testPlatform } from '#platform/database/testing.ts';
import { systemActor } from '#platform/work.ts';
import { searchTable } from '../datastore/search.ts';
import { tablesNamed } from '../datastore/tables.ts';
import { createTable } from '../datastore/write.ts';
import { servedVersion } from '../versions.ts';
import { runOneLoad, sweepLoads } from './loads.ts';

const kills = 20;
/** Every so many points the process dies, not its connections alone. */
const deaths = 4;
const platform = await testPlatform({ clock: systemClock });
const [file, table] = [randomUUID(), randomUUID()];

beforeAll(async () => {
  const dataset = randomUUID();
  await platform.pool.query(
    `insert into od_organisation (unit, name, created_at) values ('uu', 'uu', now())`,
  );
  await platform.pool.query(
    `insert into od_dataset (id, name, organisation, state, created_at, modified_at)
     select $1, 'killed', id, 'published', now(), now() from od_organisation`,
    [dataset],
  );
  await platform.pool.query(
    `insert into od_resource (id, dataset, position, kind, created_at, modified_at)
     values ($2, $1, 0, 'upload', now(), now()), ($3, $1, 1, 'datastore', now(), now())`,
    [dataset, file, table],
  );
  await platform.work(systemActor('test'), (work) =>
    createTable(work, table, {
      fields: [
        { id: 'k', type: 'int4' },
        { id: 'generation', type: 'int4' },
      ],
      primaryKey: ['k'],
      records: Array.from({ length: 50 }, (_, k) => ({ k, generation: 0 })),
    }),
  );
});

/** What the connections of the processes are called. */
const name = 'killed';
const endConnections = () =>
  platform.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
    name,
  ]);

/** A process that works at the word `go`. */
async function child(letter: string): Promise<ChildProcessWithoutNullStreams> {
  const made = spawn(process.execPath, [
    join(import.meta.dirname, 'kill-child.ts'),
    `${platform.url}${platform.url.includes('?') ? '&' : '?'}application_name=${name}`,
    platform.config.dataDirectory,
    file,
    table,
    letter,
  ]);
  let said = '';
  made.stderr.on('data', (piece) => {
    said += piece;
  });
  made.once('exit', (code) => {
    if (code) console.error(`the process ended with ${code}: ${said.slice(-2_000)}`);
  });
  await once(made.stdout, 'data');
  return made;
}

/** Waits until a process has done so many things. */
async function done(
  { stdout }: ChildProcessWithoutNullStreams,
  what: 'load' | 'did',
  things: number,
): Promise<void> {
  let count = 0;
  if (things === 0) return;
  for await (const [piece] of on(stdout, 'data') as AsyncIterable<[Buffer]>) {
    count += piece.toString().split(what).length - 1;
    if (count >= things) return;
  }
}

interface Seen {
  readonly rows: number;
  readonly total: number | null;
  readonly values: readonly unknown[];
}
/** What one look at a table shows: how many rows, and the different values that stand in a column. */
async function look(resource: string, column: string): Promise<Seen | null> {
  const found = (await tablesNamed(platform.db, [resource])).get(resource);
  if (!found) return null;
  const answer = await searchTable(platform.db, found, { limit: 1_000 }).catch((error) => {
    // The table that was found a moment ago was replaced and swept: who looks again finds the next one.
    if (/does not exist/.test(String((error as { cause?: unknown }).cause ?? error))) return null;
    throw error;
  });
  const records = answer && (JSON.parse(answer.records) as Record<string, unknown>[]);
  return (
    records && {
      rows: records.length,
      total: answer.total,
      values: [...new Set(records.map((row) => row[column]))],
    }
  );
}

it(`kill -9 at ${kills} random points lets readers see whole versions and whole writings only`, async () => {
  const odd: unknown[] = [];
  let looks = 0;
  let isOver = false;
  let newest = 0;
  const readers = [
    async () => {
      const seen = await look(file, 'version');
      if (seen && (seen.rows !== 500 || seen.total !== 500 || seen.values.length !== 1)) odd.push(seen);
      if (seen) looks += 1;
    },
    async () => {
      const seen = (await look(table, 'generation'))!;
      const [generation] = seen.values as number[];
      if (seen.rows !== 50 || seen.values.length !== 1 || generation! < newest) odd.push({ ...seen, newest });
      newest = generation!;
    },
  ].map(async (read) => {
    while (!isOver) {
      await read();
      await sleep(30);
    }
  });
  let next = child('a');
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const now = await next;
      if (kill % deaths === 0) now.stdin.write('go\n');
      // A random point of the work, not of the clock: a busy machine gets as far as a quiet one.
      await done(now, 'load', kill === 0 ? 1 : Math.floor(Math.random() * 2));
      await done(now, 'did', 1 + Math.floor(Math.random() * 5));
      await sleep(Math.random() * 30);
      if (kill % deaths < deaths - 1) {
        await endConnections();
        continue;
      }
      now.kill('SIGKILL');
      await once(now, 'exit');
      if (kill < kills - 1) next = child(String.fromCharCode(98 + kill));
    }
  } finally {
    (await next).kill('SIGKILL');
    isOver = true;
    await Promise.all(readers);
  }
  expect(odd).toEqual([]);
  expect(newest).toBeGreaterThan(kills);
  expect(looks).toBeGreaterThan(100);
}, 120_000);

it('afterwards loads that were begun are asked for again, each ends, and the last file that was taken is the one that is served', async () => {
  await platform.db.execute(sql`delete from outbox`);
  await sweepLoads(platform);
  const open = async () =>
    (
      await platform.db.execute<{ id: string; tries: number }>(
        sql`select id, tries from od_load where ended_at is null order by n`,
      )
    ).rows;
  const { rows: asked } = await platform.db.execute<{ load: string }>(
    sql`select payload #>> '{data,load}' as load from outbox where payload ->> 'job' = 'open-data.load'`,
  );
  const begun = (await open()).filter(({ tries }) => tries > 0).map(({ id }) => id);
  expect(asked.map(({ load }) => load)).toEqual(expect.arrayContaining(begun));
  for (const { id } of await open()) await runOneLoad(platform, id);
  const { rows: odd } = await platform.db.execute(
    sql`select state, fault from od_load where ended_at is null or state not in ('indexed', 'failed')
      or (state = 'failed' and fault ->> 'kind' <> 'overtaken')`,
  );
  expect(odd).toEqual([]);
  const { rows } = await platform.db.execute<{ hash: string }>(
    sql`select hash from od_resource where id = ${file}`,
  );
  expect((await servedVersion(platform.db, file))!.rawSha256).toBe(rows[0]!.hash);
  expect(await look(file, 'version')).toMatchObject({ rows: 500, total: 500, values: [expect.any(String)] });
}, 60_000);

it('nothing is left behind, and no dataset is there by half', async () => {
  await sweepLoads(platform);
  const { rows: orphans } = await platform.db.execute(
    sql`select tablename from pg_tables t where schemaname = 'open_data_rows' and tablename like 'r\\_%'
      and not exists (select from od_version v where v.row_table = t.tablename)`,
  );
  expect([...orphans, ...readdirSync(join(platform.config.dataDirectory, 'loading'))]).toEqual([]);
  const { rows } = await platform.db.execute<{ made: number; whole: number }>(sql`
    select count(*)::int as made, count(*) filter (where s.package is not null and exists (select from od_activity a
      where a.object = d.id and a.type = 'new package'))::int as whole
    from od_dataset d left join od_search s on s.dataset = d.id where d.name like 'made-%'`);
  expect(rows[0]!.made).toBeGreaterThan(kills);
  expect(rows[0]!.whole).toBe(rows[0]!.made);
});
