import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config/index.ts';
import { openPool } from '#platform/database/pool.ts';
import { filesOf, keepStored } from '#platform/files/index.ts';
import { createPlatform } from '#platform/platform.ts';
import { systemActor, type Work } from '#platform/work.ts';
import { createDataset } from '../datasets.ts';
import { tablesNamed } from '../datastore/tables.ts';
import { writeRows } from '../datastore/write.ts';
import { permission } from '../permissions.ts';
import { askForLoad, runOneLoad } from './loads.ts';

/**
 * A process for `kill.test.ts` to kill: at the word `go` it loads files, writes rows and publishes datasets, all at once and without
 * end, and says `load` or `did` after each. Each file has one letter in all of its rows, each writing one number. When its connections
 * are cut it goes on with the next thing, as a server does.
 */
const [url = '', folder = '', file = '', table = '', letter = ''] = process.argv.slice(2);
const platform = createPlatform({
  config: readConfig({ MISTO_MODE: 'test', PUBLIC_URL: 'http://misto.test', MISTO_DATA_DIR: folder }),
  clock: systemClock,
  pool: openPool(url),
  systems: [],
});
const officer = {
  ...systemActor('test'),
  grants: [
    {
      role: 'officer',
      permissions: new Set(
        ['administer', 'write', 'publish', 'read_private', 'members'].map((act) =>
          permission(act as 'write'),
        ),
      ),
      organisation: null,
      district: null,
      branch: null,
    },
  ],
};
const act = <T>(run: (work: Work) => Promise<T>) => platform.work(officer, run);

async function load(n: number): Promise<void> {
  const store = filesOf(platform.config);
  const text = `n,version\n${Array.from({ length: 500 }, (_, row) => `${row},${letter}${n}`).join('\n')}\n`;
  const content = await store.put(Buffer.from(text));
  const id = await act(async (work) => {
    const kept = await keepStored(work, store, content, { name: 'a.csv', type: 'text/csv' });
    await work.tx.execute(
      sql`update od_resource set file = ${kept}, file_name = 'a.csv', hash = ${content.sha256} where id = ${file}`,
    );
    return askForLoad(work, { resource: file, source: 'api' });
  });
  await runOneLoad(platform, id);
}

async function write(): Promise<void> {
  await act(async (work) => {
    const found = (await tablesNamed(work.tx, [table])).get(table)!;
    const { rows } = await work.tx.execute<{ last: number }>(
      sql`select max(generation) as last from ${found.from}`,
    );
    const records = Array.from({ length: 50 }, (_, k) => ({ k, generation: rows[0]!.last + 1 }));
    await writeRows(work, found, records, 'upsert');
  });
}

const publish = (n: number) =>
  act((work) => createDataset(work, { name: `made-${letter}-${n}`, title: 'Назва', owner_org: 'uu' }));

async function forever(run: (n: number) => Promise<unknown>): Promise<void> {
  for (let n = 0; ; n += 1) {
    try {
      await run(n);
      process.stdout.write(run === load ? 'load\n' : 'did\n');
    } catch (error) {
      if (!isCut(error)) throw error;
    }
    // Loads take longest: the others leave them some of the machine.
    if (run !== load) await sleep(50);
  }
}

/** Whether the connection was ended from outside. */
function isCut(error: unknown): boolean {
  const { message = '', cause } = (error ?? {}) as { message?: string; cause?: unknown };
  return (
    /terminat|not queryable|Connection (ended|lost)|ECONNRESET|EPIPE/i.test(message) ||
    (cause !== undefined && isCut(cause))
  );
}

process.stdin.once('data', () => {
  for (const run of [load, write, publish]) forever(run);
});
process.stdout.write('ready\n');
