import { type SQL, sql } from 'drizzle-orm';
import { isRecord } from '../coercion.ts';
import { Faulty } from '../faults.ts';
import { column, type DataTable, type Field, isNumber } from './table.ts';

const deepest = 10;
const most = 100;

/** Who is asked: tables of PostgreSQL, or columns of a version in DuckDB. Their SQL is the same but for values. */
export type Engine = 'postgres' | 'duckdb';

/** `_id` can be filtered as every column can. */
const rowId: Field = { id: '_id', type: 'int8' };

/**
 * Conditions on rows from the `filters` of a request: a dict of columns (all of them hold), or a list of dicts (one of them
 * holds); values are one value, a list of them, or operators such as `{"gte": 5}`; `$or` and `$and` nest.
 *
 * @param given JSON as text, or what was read from it; nothing at all filters nothing.
 * @returns null when there is nothing to filter by.
 * @throws Faulty of `filters`.
 */
export function filterOf(
  table: Pick<DataTable, 'fields'>,
  given: unknown,
  engine: Engine = 'postgres',
): SQL | null {
  const read = typeof given === 'string' ? parsed(given) : given;
  if (read === undefined || read === null || read === '') return null;
  return new Filters(table.fields, engine).whole(read);
}

function parsed(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return refuse('Cannot parse JSON');
  }
}

class Filters {
  readonly #fields: ReadonlyMap<string, Field>;
  readonly #engine: Engine;
  #operations = 0;

  constructor(fields: readonly Field[], engine: Engine) {
    this.#engine = engine;
    this.#fields = new Map([rowId, ...fields].map((field) => [field.id, field]));
  }

  whole(given: unknown): SQL | null {
    if (Array.isArray(given)) return given.length === 0 ? null : this.#either(given, 1);
    if (!isRecord(given)) return refuse('Filters must be defined as a dict or a list of dicts');
    return Object.keys(given).length === 0 ? null : this.#dict(given, 1);
  }

  #dict(given: unknown, depth: number): SQL {
    if (!isRecord(given)) return refuse('Filters must be defined as a dict or a list of dicts');
    if (depth > deepest) refuse('Maximum nesting depth for filter operations reached');
    const parts = Object.entries(given).map(([key, value]) => {
      if (key === '$or') return this.#either(value, depth + 1);
      if (key === '$and') return this.#list(value, depth + 1, sql` and `);
      const id = key.startsWith('$$') ? key.slice(1) : key;
      const field = this.#fields.get(id);
      if (!field) return refuse(`Unknown field: ${id}`);
      return this.#value(field, value, depth);
    });
    return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;
  }

  #either(given: unknown, depth: number): SQL {
    return this.#list(given, depth, sql` or `);
  }

  #list(given: unknown, depth: number, between: SQL): SQL {
    if (!Array.isArray(given)) return refuse('Filters must be defined as a dict or a list of dicts');
    const parts = given.map((one) => this.#dict(one, depth));
    return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, between)})`;
  }

  /** One value, a list of which one fits, or operators which all hold. */
  #value(field: Field, value: unknown, depth: number): SQL {
    if (!Array.isArray(value))
      return isRecord(value) ? this.#operators(field, value, depth) : this.#equal(field, value);
    const plain = value.filter((one) => !isRecord(one) && one !== null);
    const parts = [
      ...(plain.length > 0 ? [this.#among(field, plain)] : []),
      ...value
        .filter((one) => isRecord(one) || one === null)
        .map((one) => this.#value(field, one, depth + 1)),
    ];
    return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`;
  }

  #operators(field: Field, given: Readonly<Record<string, unknown>>, depth: number): SQL {
    if (depth > deepest) refuse('Maximum nesting depth for filter operations reached');
    const parts = Object.entries(given).map(([operator, value]) => {
      switch (operator) {
        case 'eq':
          return this.#equal(field, value);
        case 'ne':
          return sql`(${this.#equal(field, value)}) is not true`;
        case 'in':
          if (!Array.isArray(value)) return refuse(`Invalid value for operator in: ${field.id}`);
          return this.#value(field, value, depth + 1);
        case 'gt':
          return this.#compare(field, sql`>`, value);
        case 'gte':
          return this.#compare(field, sql`>=`, value);
        case 'lt':
          return this.#compare(field, sql`<`, value);
        case 'lte':
          return this.#compare(field, sql`<=`, value);
        default:
          return refuse(`Unknown operator: ${operator}`);
      }
    });
    return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` and `)})`;
  }

  #equal(field: Field, value: unknown): SQL {
    this.#count();
    if (value === null) return sql`${column(field.id)} is null`;
    if (field.type === '_text')
      return Array.isArray(value)
        ? sql`${column(field.id)} = ${this.#texts(value)}`
        : sql`${String(value)} = any(${column(field.id)})`;
    if (field.type === 'json') return sql`${column(field.id)}::text = ${jsonText(value)}`;
    return sql`${column(field.id)} = ${this.#typed(field, value)}`;
  }

  #among(field: Field, values: readonly unknown[]): SQL {
    this.#count();
    if (field.type === '_text') return sql`${column(field.id)} && ${this.#texts(values)}`;
    if (field.type === 'json')
      return sql`${column(field.id)}::text = any(${this.#texts(values.map(jsonText))})`;
    return sql`${column(field.id)} in (${sql.join(
      values.map((value) => this.#typed(field, value)),
      sql`, `,
    )})`;
  }

  #compare(field: Field, operator: SQL, value: unknown): SQL {
    this.#count();
    if (field.type === 'json' || field.type === '_text')
      return refuse(`Field can not be compared: ${field.id}`);
    if (value === null || typeof value === 'object') return refuse(`Invalid value for field: ${field.id}`);
    return sql`${column(field.id)} ${operator} ${this.#typed(field, value)}`;
  }

  #typed(field: Field, value: unknown): SQL {
    return this.#engine === 'duckdb' ? typedForDuck(field, value) : typed(field, value);
  }

  #texts(values: readonly unknown[]): SQL {
    return this.#engine === 'duckdb' ? textsForDuck(values) : texts(values);
  }

  #count(): void {
    this.#operations += 1;
    if (this.#operations > most) refuse('Maximum number of filter operations exceeded');
  }
}

/** A value as one of the column's type: text takes anything as it is written, numbers take «10» too. */
function typed(field: Field, value: unknown): SQL {
  if (typeof value === 'object') return refuse(`Invalid value for field: ${field.id}`);
  const text = String(value);
  if (isNumber(field.type) && !/^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(text))
    return refuse(`Invalid value for field: ${field.id}`);
  switch (field.type) {
    case 'int4':
    case 'int8':
      // A fraction or a number too large fits no row; it is no fault. An index is used for whole numbers.
      return /^\s*[+-]?\d{1,18}\s*$/.test(text) ? sql`${text.trim()}::int8` : sql`${text.trim()}::numeric`;
    case 'numeric':
    case 'float8':
      return sql`${text.trim()}::${sql.raw(field.type)}`;
    case 'bool':
      if (!/^(true|false|t|f|yes|no|1|0)$/i.test(text)) refuse(`Invalid value for field: ${field.id}`);
      return sql`${text.toLowerCase()}::bool`;
    case 'date':
    case 'time':
    case 'timestamp':
      if (!looksLike[field.type].test(text)) refuse(`Invalid value for field: ${field.id}`);
      return sql`${text}::${sql.raw(field.type)}`;
    default:
      return sql`${text}::text`;
  }
}

/** The same in DuckDB, whose literals of numbers are exact and whose times take no zone. */
function typedForDuck(field: Field, value: unknown): SQL {
  // What fits no cell is refused in the same words.
  const usual = typed(field, value);
  const text = String(value).trim();
  switch (field.type) {
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'float8':
      return sql.raw(text);
    case 'bool':
      return /^(true|t|yes|1)$/i.test(text) ? sql`true` : sql`false`;
    case 'date':
      return sql`${text.slice(0, 10)}::date`;
    case 'timestamp':
      return sql`${text.replace(/(Z|[+-]\d\d:?\d\d)$/, '')}::timestamp`;
    default:
      return usual;
  }
}

const looksLike = {
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ].*)?$/,
  time: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$/,
  timestamp:
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/,
};

const textsForDuck = (values: readonly unknown[]): SQL =>
  sql`[${sql.join(
    values.map((one) => sql`${typeof one === 'string' ? one : jsonText(one)}::text`),
    sql`, `,
  )}]`;

const texts = (values: readonly unknown[]): SQL =>
  sql`array(select jsonb_array_elements_text(${JSON.stringify(values.map((one) => (typeof one === 'string' ? one : jsonText(one))))}::jsonb))`;

const jsonText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function refuse(message: string): never {
  throw new Faulty({ filters: [message] });
}
