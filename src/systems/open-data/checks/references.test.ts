import { expect, it } from 'vitest';
import { officialTable, officialTables } from './official-tables.ts';

const referring = officialTables.flatMap(({ id, schema }) =>
  schema.columns.flatMap(({ id: column, references }) => (references ? [{ id, column, references }] : [])),
);

it('a column of an official table refers to an identifier of another table of its appendix', () => {
  expect(referring).toHaveLength(23);
  for (const { id, column, references } of referring) {
    const target = officialTable(references.table);
    expect([id, column, target?.appendix]).toEqual([id, column, officialTable(id)!.appendix]);
    expect(target!.schema.columns.find((one) => one.id === references.column)).toMatchObject({
      required: true,
    });
    expect(references.table).not.toBe(id);
  }
});
