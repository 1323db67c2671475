import { expect, it } from 'vitest';
import { followCollations } from './collation.ts';
import { testDatabase } from './testing.ts';

it('indexes in Ukrainian order are built anew when the server’s collation is of another version, and only then', async () => {
  const { url, pool } = await testDatabase();
  await pool.query(`create table sorted (name text collate "uk-UA-x-icu");
    create index sorted_name on sorted (name); create index sorted_plain on sorted (name collate "C")`);
  const files = async () =>
    (
      await pool.query<{ name: string; file: string }>(
        `select relname as name, relfilenode::text as file from pg_class where relname like 'sorted\\_%' order by 1`,
      )
    ).rows;
  await pool.query(`delete from collation_version where name = 'uk-UA-x-icu'`);
  expect(await followCollations(url)).toEqual([]);
  const before = await files();
  expect(await followCollations(url)).toEqual([]);
  expect(await files()).toEqual(before);

  await pool.query(`update collation_version set version = '1.0' where name = 'uk-UA-x-icu'`);
  expect(await followCollations(url)).toContain('sorted_name');
  const [name, plain] = await files();
  expect(name!.file).not.toBe(before[0]!.file);
  expect(plain).toEqual(before[1]);
  const { rows } = await pool.query(
    `select version = pg_collation_actual_version('"uk-UA-x-icu"'::regcollation) as current
     from collation_version where name = 'uk-UA-x-icu'`,
  );
  expect(rows).toEqual([{ current: true }]);
});
