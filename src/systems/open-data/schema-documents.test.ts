// Keeps: open-data.md 12: Table Schema and CSVW hold before a validator, whatever the table.
import Ajv from 'ajv-draft-04';
import { describe, expect, it } from 'vitest';
import type { TableSchema } from './checks/table-schema.ts';
import type { FieldType } from './datastore/table.ts';
import { csvwOf, type Described, tableSchemaOf } from './schema-documents.ts';

const ajv = new Ajv.default({ allErrors: true, strict: false });

/** Rules of https://specs.frictionlessdata.io/table-schema/ that a description of ours can break. */
const tableSchema = ajv.compile({
  type: 'object',
  required: ['fields'],
  properties: {
    fields: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name', 'type'],
        additionalProperties: false,
        properties: {
          name: { type: 'string', minLength: 1 },
          type: {
            enum: ['string', 'number', 'integer', 'boolean', 'object', 'array', 'date', 'time', 'datetime'],
          },
          format: { type: 'string' },
          title: { type: 'string' },
          description: { type: 'string' },
          constraints: {
            type: 'object',
            additionalProperties: false,
            properties: {
              required: { type: 'boolean' },
              unique: { type: 'boolean' },
              enum: { type: 'array', minItems: 1, uniqueItems: true },
              pattern: { type: 'string' },
              minimum: {},
              maximum: {},
              maxLength: { type: 'integer', minimum: 0 },
            },
          },
        },
      },
    },
    primaryKey: { type: 'array', minItems: 1, items: { type: 'string' } },
    missingValues: { type: 'array', items: { type: 'string' } },
  },
});

/** The same of https://www.w3.org/TR/tabular-metadata/. */
const csvw = ajv.compile({
  type: 'object',
  required: ['@context', 'url', 'tableSchema'],
  properties: {
    '@context': {
      type: 'array',
      minItems: 2,
      maxItems: 2,
      items: [{ enum: ['http://www.w3.org/ns/csvw'] }, { type: 'object', required: ['@language'] }],
    },
    url: { type: 'string', pattern: '^https?://' },
    'dc:license': { type: 'object', required: ['@id'] },
    tableSchema: {
      type: 'object',
      required: ['columns', 'primaryKey'],
      properties: {
        columns: {
          type: 'array',
          items: {
            type: 'object',
            required: ['name', 'titles', 'datatype'],
            properties: {
              // A name must not begin with an underscore, and is a variable of URI templates.
              name: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.]*$' },
              datatype: {
                enum: 'string decimal double int long boolean date time dateTime json'.split(' '),
              },
              required: { type: 'boolean' },
            },
          },
        },
      },
    },
  },
});

const types: readonly FieldType[] = [
  'text',
  'numeric',
  'float8',
  'int4',
  'int8',
  'bool',
  'date',
  'time',
  'timestamp',
  'json',
  '_text',
];
const fields = types.map((type, n) => ({
  id: ['code', 'назва, том', '1st', 'a b', 'column_3'][n] ?? `f_${n}`,
  type,
}));
const schema = {
  columns: [
    { id: 'code', title: 'Код', type: 'text', required: true, unique: true, enum: ['a', 'b'], maxLength: 2 },
  ],
} as unknown as TableSchema;
const described = (changes: Partial<Described> = {}): Described => ({
  fields,
  key: ['назва, том'],
  schema,
  title: 'Таблиця',
  licence: 'https://creativecommons.org/licenses/by/4.0/',
  csv: 'https://city.example/export.csv',
  ...changes,
});

describe.each([
  ['of every type, with names that no program likes', described()],
  ['without a key, a schema, a licence', described({ key: [], schema: null, licence: null })],
  ['without columns', described({ fields: [], key: [], schema: null })],
])('a table %s', (_, table) => {
  it('is a Table Schema', () => {
    const made = tableSchemaOf(table);
    expect([tableSchema(made), tableSchema.errors]).toEqual([true, null]);
    const names = (made.fields as { name: string }[]).map(({ name }) => name);
    for (const id of made.primaryKey as string[]) expect(names).toContain(id);
  });

  it('is CSV on the Web', () => {
    const made = csvwOf(table);
    expect([csvw(made), csvw.errors]).toEqual([true, null]);
    const { columns, primaryKey } = made.tableSchema as {
      columns: { name: string }[];
      primaryKey: string | string[];
    };
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const id of [primaryKey].flat()) expect(names).toContain(id);
  });
});

it('a description that breaks a rule is found', () => {
  expect(tableSchema({ fields: [{ name: 'n', type: 'money' }] })).toBe(false);
  expect(csvw({ ...csvwOf(described()), url: 'export.csv' })).toBe(false);
});
