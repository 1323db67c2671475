import type { Duplex } from 'node:stream';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { systemActor } from '../work.ts';
import { isPlanOutdated, openDb, openPool } from './pool.ts';
import { testDatabase, testPlatform } from './testing.ts';

const { url } = await testDatabase();

it('bears that PostgreSQL ends a connection between two statements of a transaction', async () => {
  const pool = openPool(url);
  const lent = await pool.connect();
  await lent.query('begin');
  const { rows } = await lent.query<{ pid: number }>('select pg_backend_pid() as pid');
  await pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
  // Without a listener the error would end this very process.
  await expect
    .poll(() =>
      lent.query('select 1').then(
        () => 'fine',
        () => 'refused',
      ),
    )
    .toBe('refused');
  lent.release(true);
  await pool.end();
});

it('begins a transaction with its first statement, so that one which says nothing costs nothing', async () => {
  const pool = openPool(url, { max: 1 });
  const db = openDb(pool);
  await db.execute(sql`create table kept (n int)`);
  const state = () =>
    pool.query(`select pg_current_xact_id_if_assigned() as id, now() = statement_timestamp() as alone`);
  await db.transaction(async () => {});
  expect((await state()).rows).toEqual([{ id: null, alone: true }]);
  await expect(
    db.transaction(async (tx) => {
      await tx.execute(sql`insert into kept values (1)`);
      throw new Error('stop');
    }),
  ).rejects.toThrow('stop');
  await db.transaction(async (tx) => {
    await Promise.all([
      tx.execute(sql`insert into kept values (2)`),
      tx.execute(sql`insert into kept values (3)`),
    ]);
    await expect(
      tx.transaction(async (inner) => {
        await inner.execute(sql`insert into kept values (4)`);
        throw new Error('back to the savepoint');
      }),
    ).rejects.toThrow('savepoint');
  });
  const { rows } = await db.execute<{ n: number }>(sql`select n from kept order by n`);
  expect(rows.map(({ n }) => n)).toEqual([2, 3]);
  await pool.end();
});

it('sends what a transaction asks without waiting in one piece', async () => {
  const pool = openPool(url, { max: 1 });
  const lent = await pool.connect();
  await lent.query('select 1');
  const { stream } = (lent as unknown as { connection: { stream: Duplex } }).connection;
  const pieces: number[] = [];
  const { _writev, _write } = stream;
  stream._writev = (chunks, done) => {
    pieces.push(chunks.length);
    return _writev!.call(stream, chunks, done);
  };
  stream._write = (chunk, encoding, done) => {
    pieces.push(1);
    return _write.call(stream, chunk, encoding, done);
  };
  await lent.query('begin');
  const first = lent.query('select $1::int as n', [1]);
  await Promise.resolve();
  const second = lent.query('select $1::int as n', [2]);
  expect((await Promise.all([first, second])).map(({ rows }) => rows)).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  expect(pieces).toHaveLength(1);
  await lent.query('commit');
  lent.release();
  await pool.end();
});

it('lets PostgreSQL keep the plan of what a connection runs again and again', async () => {
  const pool = openPool(url, { max: 1 });
  const db = openDb(pool);
  const plans = async () => {
    const { rows } = await pool.query(`select generic_plans + custom_plans as runs from pg_prepared_statements
      where statement like '%generate_series%' order by 1`);
    return rows.map(({ runs }) => Number(runs));
  };
  const count = (upTo: number) =>
    db.execute<{ n: number }>(sql`select count(*)::int as n from generate_series(1, ${upTo})`);
  for (let n = 1; n <= 4; n += 1) expect((await count(n)).rows).toEqual([{ n }]);
  expect(await plans()).toEqual([]);
  for (let n = 5; n <= 20; n += 1) expect((await count(n)).rows).toEqual([{ n }]);
  expect(await plans()).toEqual([16]);
  // Many at once on one connection, before the first of them has come back.
  const sums = Array.from({ length: 12 }, (_, n) =>
    db.execute(sql`select ${n}::int + 1 as sum from generate_series(1, 1)`),
  );
  expect((await Promise.all(sums)).map(({ rows }) => rows[0])).toEqual(sums.map((_, n) => ({ sum: n + 1 })));
  await db.transaction(async (tx) => {
    const inside = Array.from({ length: 12 }, (_, n) =>
      tx.execute(sql`select ${n}::int - 1 as rest from generate_series(1, 1)`),
    );
    expect((await Promise.all(inside)).map(({ rows }) => rows[0])).toEqual(
      inside.map((_, n) => ({ rest: n - 1 })),
    );
  });
  await pool.end();
});

it('goes on when a newer process changes a table whose plans it keeps', async () => {
  const pool = openPool(url, { max: 1 });
  const db = openDb(pool);
  await db.execute(sql`create table changing (id int)`);
  await db.execute(sql`insert into changing values (1)`);
  const read = () => db.execute(sql`select * from changing where id = ${1}`);
  const inside = () => db.transaction((tx) => tx.execute(sql`select c.* from changing c where id = ${1}`));
  for (let n = 0; n < 8; n += 1) {
    await read();
    await inside();
  }
  await pool.query('alter table changing add column words text');
  expect((await read()).rows).toEqual([{ id: 1, words: null }]);
  await inside();
  await pool.query('alter table changing add column more text');
  const lost = await inside().catch((error) => error);
  expect(isPlanOutdated(lost)).toBe(true);
  expect((await inside()).rows).toEqual([{ id: 1, words: null, more: null }]);
  expect((await read()).rows).toEqual([{ id: 1, words: null, more: null }]);
  await pool.end();
});

it('does a work again whose kept plan was outdated, and nothing twice', async () => {
  const platform = await testPlatform();
  await platform.pool.query('create table changed (id int generated always as identity, words text)');
  const write = () =>
    platform.work(systemActor('test'), async (work) => {
      await work.tx.execute(sql`insert into changed (words) values (${'слово'})`);
      const { rows } = await work.tx.execute(sql`select * from changed limit 1`);
      return Object.keys(rows[0]!).length;
    });
  for (let n = 0; n < 6; n += 1) expect(await write()).toBe(2);
  await platform.pool.query('alter table changed add column more text');
  expect(await write()).toBe(3);
  const { rows } = await platform.pool.query('select count(*)::int as n from changed');
  expect(rows).toEqual([{ n: 7 }]);
});

it('ends slow statements, waits for locks and idle transactions: sooner for pages than for jobs', async () => {
  const limits = async (purpose: 'web' | 'job') => {
    const pool = openPool(url, { max: 1, purpose });
    const { rows } = await pool.query(
      `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
         current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    await pool.end();
    return rows[0];
  };
  expect(await limits('web')).toEqual({ statement: '15s', lock: '3s', idle: '10s' });
  expect(await limits('job')).toEqual({ statement: '10min', lock: '3s', idle: '10s' });
});
