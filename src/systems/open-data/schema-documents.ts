import type { TableSchema } from './checks/table-schema.ts';
import type { Field, FieldType } from './datastore/table.ts';

/** What a description of a table is made of. */
export interface Described {
  readonly fields: readonly Field[];
  readonly key: readonly string[];
  /** What the resource says its table must be, if it says so. */
  readonly schema: TableSchema | null;
  readonly title: string;
  readonly licence: string | null;
  /** Where the rows are, as CSV. */
  readonly csv: string;
}

const frictionless: Readonly<Record<FieldType, string>> = {
  text: 'string',
  numeric: 'number',
  float8: 'number',
  int4: 'integer',
  int8: 'integer',
  bool: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'datetime',
  json: 'object',
  _text: 'array',
};

const w3c: Readonly<Record<FieldType, string>> = {
  text: 'string',
  numeric: 'decimal',
  float8: 'double',
  int4: 'int',
  int8: 'long',
  bool: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'dateTime',
  json: 'json',
  _text: 'json',
};

const titleOf = (field: Field): string | undefined =>
  (field.info?.title ?? field.info?.label) as string | undefined;

/**
 * A table as Table Schema: what Frictionless tools check and load it by.
 *
 * @see https://specs.frictionlessdata.io/table-schema/
 */
export function tableSchemaOf({ fields, key, schema }: Described): Record<string, unknown> {
  return {
    fields: [
      { name: '_id', type: 'integer', constraints: { required: true, unique: true } },
      ...fields.map((field) => {
        const said = schema?.columns.find(({ id }) => id === field.id);
        const constraints = filled({
          required: said?.required || undefined,
          unique: said?.unique || undefined,
          enum: said?.enum,
          pattern: said?.pattern,
          minimum: said?.min,
          maximum: said?.max,
          maxLength: said?.maxLength,
        });
        return filled({
          name: field.id,
          type: frictionless[field.type],
          // Times of exports are ISO 8601 with a part of a second.
          format: field.type === 'timestamp' ? 'any' : undefined,
          title: said?.title ?? titleOf(field),
          description: field.info?.notes,
          constraints: Object.keys(constraints).length > 0 ? constraints : undefined,
        });
      }),
    ],
    primaryKey: key.length > 0 ? key : ['_id'],
    missingValues: [''],
  };
}

/**
 * The export of a table as CSV on the Web.
 *
 * @see https://www.w3.org/TR/tabular-metadata/
 */
export function csvwOf({ fields, key, schema, title, licence, csv }: Described): Record<string, unknown> {
  return filled({
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'uk' }],
    url: csv,
    'dc:title': title,
    'dc:license': licence ? { '@id': licence } : undefined,
    dialect: { encoding: 'utf-8', delimiter: ',', header: true },
    tableSchema: {
      columns: [
        { name: columnName('_id', 0), titles: '_id', datatype: 'long', required: true },
        ...fields.map((field, n) => {
          const said = schema?.columns.find(({ id }) => id === field.id);
          return filled({
            name: columnName(field.id, n + 1),
            titles: field.id,
            'dc:title': said?.title ?? titleOf(field),
            'dc:description': field.info?.notes,
            datatype: w3c[field.type],
            required: said?.required || undefined,
          });
        }),
      ],
      primaryKey:
        key.length > 0
          ? key.map((id) => columnName(id, fields.findIndex((field) => field.id === id) + 1))
          : columnName('_id', 0),
    },
  });
}

/** A name as URI templates allow it: what has other signs is known by its place, and keeps its title. */
const columnName = (id: string, n: number): string =>
  /^(?!column_\d+$)[A-Za-z0-9]\w*$/.test(id) ? id : `column_${n + 1}`;

function filled(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
