import type { Field } from '../datastore/table.ts';
import { named } from '../loading/sql.ts';

/**
 * A value of a column as text (SQL of DuckDB): equal values have equal texts, whatever type the column has; null stays null.
 *
 * @param alias of the table, if it has one.
 */
export function plainText({ id, type }: Pick<Field, 'id' | 'type'>, alias?: string): string {
  const value = (alias ? `${alias}.` : '') + named(id);
  switch (type) {
    case 'numeric':
    case 'float8':
      return withoutZeros(`cast(${value} as varchar)`);
    case 'timestamp':
      return `strftime(${value}, '%Y-%m-%dT%H:%M:%S.%g')`;
    case '_text':
      return `cast(to_json(${value}) as varchar)`;
    case 'text':
    case 'json':
      return value;
    default:
      return `cast(${value} as varchar)`;
  }
}

/** A decimal keeps as many digits behind the point as its column has; the value has as many as it needs. */
const withoutZeros = (text: string): string =>
  `case when contains(${text}, '.') and not contains(${text}, 'e') then rtrim(rtrim(${text}, '0'), '.') else ${text} end`;

/** A value as JSON: numbers with all their digits, days and times as texts of ISO 8601, nothing as `null`. */
export function jsonText(field: Pick<Field, 'id' | 'type'>, alias?: string): string {
  const text = plainText(field, alias);
  switch (field.type) {
    case 'numeric':
    case 'float8':
      // JSON has no word for what is no number.
      return `coalesce(case when regexp_full_match(${text}, '-?[0-9.]+(e[+-]?[0-9]+)?') then ${text} else cast(to_json(${text}) as varchar) end, 'null')`;
    case 'int4':
    case 'int8':
    case 'bool':
    case '_text':
      return `coalesce(${text}, 'null')`;
    case 'json':
      return `coalesce(case when json_valid(${text}) then ${text} else cast(to_json(${text}) as varchar) end, 'null')`;
    default:
      return `coalesce(cast(to_json(${text}) as varchar), 'null')`;
  }
}

/** A value in a line of values parted by a mark: quoted where it must be, nothing as nothing. */
export function lineText(field: Pick<Field, 'id' | 'type'>, mark: ',' | '\t' | ';', alias?: string): string {
  const text = plainText(field, alias);
  if (field.type !== 'text' && field.type !== 'json' && field.type !== '_text' && field.type !== 'time')
    return `coalesce(${text}, '')`;
  return quotedText(text, mark);
}

/** A text in a line of values: with quotes around it when it holds the mark, a quote or a line's end. */
export function quotedText(text: string, mark: ',' | '\t' | ';'): string {
  const special = `'[${mark === '\t' ? '\\t' : mark}"\\r\\n]'`;
  return `case when regexp_matches(${text}, ${special}) then '"' || replace(${text}, '"', '""') || '"' else coalesce(${text}, '') end`;
}

/** The row number as a field. */
export const rowId = { id: '_id', type: 'int8' } as const;
