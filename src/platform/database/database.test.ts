import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { emit } from '../events/outbox.ts';
import { anonymous } from '../work.ts';
import { migrate } from './migrate.ts';
import { testPlatform } from './testing.ts';

const platform = await testPlatform();

describe('the database', () => {
  it('is PostgreSQL 18 that speaks UTF-8 and sorts Ukrainian', async () => {
    const { rows } =
      await platform.pool.query(`select current_setting('server_version_num')::int / 10000 as major,
      pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()`);
    expect(rows[0]).toEqual({ major: 18, encoding: 'UTF8' });
    const words = 'ананас апельсин гора ґанок ґрунт дім Єва єнот жук Іван іній їжак щука ь яблуко'.split(' ');
    const sorted = await platform.pool.query(
      `select w from unnest($1::text[]) w order by w collate "uk-UA-x-icu"`,
      [words.toReversed()],
    );
    expect(sorted.rows.map((row) => row.w)).toEqual(words);
  });

  it('hands out dates as the text they are and big numbers without loss', async () => {
    const { rows } = await platform.pool.query(
      `select date '2026-08-21' as d, 9007199254740993::int8 as n, 12.30::numeric as m`,
    );
    expect(rows[0]).toEqual({ d: '2026-08-21', n: '9007199254740993', m: '12.30' });
  });

  it('has nothing left to migrate, and refuses a step that was changed afterwards', async () => {
    expect(await migrate(platform.url)).toEqual([]);
    await expect(migrate(platform.url, [{ name: '0001_platform', sql: 'select 1' }])).rejects.toThrow(
      /0001_platform was changed/,
    );
  });

  it('keeps neither the change nor its event when the act fails', async () => {
    const act = platform.work(anonymous, async (work) => {
      await emit(work, 'test.thing.happened', {});
      throw new Error('no');
    });
    await expect(act).rejects.toThrow('no');
    const left = await platform.db.execute(sql`select count(*)::int as n from outbox`);
    expect(left.rows[0]).toEqual({ n: 0 });
  });
});
