import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { testDatabase } from './testing.ts';

const rooms = import.meta.glob<Record<string, unknown>>('/src/**/tables.ts', { eager: true });
const { pool } = await testDatabase();
const { rows } = await pool.query<{
  table_name: string;
  column_name: string;
  type: string;
  required: boolean;
}>(
  `select c.relname as table_name, a.attname as column_name, format_type(a.atttypid, null) as type, a.attnotnull as required
     from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v')`,
);
const stored = Map.groupBy(rows, (row) => row.table_name);

/** Names that PostgreSQL and Drizzle give the same type. */
const synonyms: Record<string, string> = {
  'timestamp with time zone': 'timestamptz',
  'double precision': 'float8',
  'character varying': 'varchar',
};
const plain = (type: string) => {
  const bare = type.replace(/\(.*\)/, '').trim();
  return synonyms[bare] ?? bare;
};

describe('the tables in code are the tables in the database', () => {
  const tables = Object.values(rooms).flatMap((room) =>
    Object.values(room).filter((value) => is(value, PgTable)),
  );
  for (const table of tables as PgTable[]) {
    const { name } = getTableConfig(table);
    it(name, () => {
      const columns = stored.get(name);
      expect(columns, `table ${name} is not in the migrations`).toBeDefined();
      const inDatabase = Object.fromEntries(
        columns!.map((c) => [c.column_name, [plain(c.type), c.required]]),
      );
      const inCode = Object.fromEntries(
        Object.values(getTableColumns(table)).map((c) => [
          c.name,
          [plain(c.getSQLType()), c.notNull || c.primary],
        ]),
      );
      expect(inCode).toEqual(Object.fromEntries(Object.keys(inCode).map((key) => [key, inDatabase[key]])));
    });
  }

  it('are there at all', () => expect(stored.size).toBeGreaterThan(2));
});
