import { asText, isRecord } from '../coercion.ts';
import type { ColumnType } from '../loading/types.ts';
import type { SchemaColumn, TableSchema } from './table-schema.ts';

/** Types of Table Schema in our words. */
const types: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  any: 'text',
  number: 'numeric',
  integer: 'integer',
  year: 'integer',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamp',
  time: 'time',
  array: 'list',
  object: 'json',
  geojson: 'json',
};

const most = { columns: 1_500, values: 1_000, pattern: 500, name: 254 } as const;

/** Why a text is no schema: the column it speaks of, from 1, or null for the whole. */
export class SchemaFault extends Error {
  readonly column: number | null;
  readonly what: 'json' | 'fields' | 'name' | 'type' | 'constraint' | 'key';
  constructor(what: SchemaFault['what'], column: number | null = null) {
    super(`${what} ${column ?? ''}`);
    this.what = what;
    this.column = column;
  }
}

/**
 * Reads a table's own schema as Frictionless tools write it, and as `/schema.json` of a resource tells it.
 *
 * @see https://specs.frictionlessdata.io/table-schema/
 * @throws SchemaFault
 */
export function readTableSchema(text: string): TableSchema {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new SchemaFault('json');
  }
  if (!isRecord(given) || !Array.isArray(given.fields)) throw new SchemaFault('fields');
  const fields = given.fields.filter((field) => !(isRecord(field) && field.name === '_id'));
  if (fields.length === 0 || fields.length > most.columns) throw new SchemaFault('fields');
  const columns = fields.map(columnOf);
  const ids = columns.map(({ id }) => id);
  const twice = ids.findIndex((id, n) => ids.indexOf(id) !== n);
  if (twice >= 0) throw new SchemaFault('name', twice + 1);
  const key = [given.primaryKey ?? []].flat().filter((id) => id !== '_id');
  if (!key.every((id): id is string => ids.includes(id as string))) throw new SchemaFault('key');
  return { origin: 'own', columns, key, keyIsUnique: key.length > 0 };
}

function columnOf(field: unknown, n: number): SchemaColumn {
  const at = n + 1;
  const id = isRecord(field) ? asText(field.name)?.trim() : null;
  if (!isRecord(field) || !id || id.length > most.name) throw new SchemaFault('name', at);
  const type = field.format === 'uri' ? 'url' : types[asText(field.type) ?? 'string'];
  if (!type) throw new SchemaFault('type', at);
  return {
    id,
    title: asText(field.title)?.slice(0, most.name) ?? null,
    type,
    role: null,
    required: false,
    ...constraintsOf(field.constraints, at),
  };
}

function constraintsOf(given: unknown, at: number): Partial<SchemaColumn> {
  if (given === undefined || given === null) return {};
  if (!isRecord(given)) throw new SchemaFault('constraint', at);
  const number = (value: unknown) => {
    const found = value === undefined ? undefined : Number(value);
    if (found !== undefined && !Number.isFinite(found)) throw new SchemaFault('constraint', at);
    return found;
  };
  const { enum: list, pattern } = given;
  if (list !== undefined && !(Array.isArray(list) && list.length <= most.values))
    throw new SchemaFault('constraint', at);
  if (pattern !== undefined && !(typeof pattern === 'string' && isPattern(pattern)))
    throw new SchemaFault('constraint', at);
  return Object.fromEntries(
    Object.entries({
      required: given.required === true,
      unique: given.unique === true || undefined,
      enum: list?.map(String),
      pattern,
      min: number(given.minimum),
      max: number(given.maximum),
      maxLength: number(given.maxLength),
    }).filter(([, value]) => value !== undefined),
  );
}

/** A pattern that RE2 takes as well: no looking around, and no going back to what was found. */
function isPattern(pattern: string): boolean {
  if (pattern.length > most.pattern || /\(\?<?[=!]|\\[1-9]|\(\?P?[<>]|\{\d{4,}|\\k/.test(pattern))
    return false;
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}
