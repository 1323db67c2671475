import { isRecord } from '../coercion.ts';
import type { FieldType } from './table.ts';

const synonyms: Readonly<Record<string, FieldType>> = {
  int: 'int4',
  integer: 'int4',
  serial: 'int4',
  bigint: 'int8',
  float: 'float8',
  double: 'float8',
  'double precision': 'float8',
  real: 'float8',
  decimal: 'numeric',
  boolean: 'bool',
  varchar: 'text',
  string: 'text',
  nested: 'json',
  jsonb: 'json',
  'text[]': '_text',
};
const types: ReadonlySet<string> = new Set([
  'text',
  'numeric',
  'int4',
  'int8',
  'float8',
  'bool',
  'date',
  'time',
  'timestamp',
  'json',
  '_text',
]);

/** The type of a column by one of its names; null: there is no such type. */
export function fieldType(given: unknown): FieldType | null {
  const name = String(given).trim().toLowerCase();
  return types.has(name) ? (name as FieldType) : (synonyms[name] ?? null);
}

/** The type that one value tells: the first record of a table without types decides for all. */
export function guessType(value: unknown): FieldType {
  if (isRecord(value) || Array.isArray(value)) return 'json';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return 'float8';
    return Math.abs(value) < 2 ** 31 ? 'int4' : 'int8';
  }
  if (typeof value !== 'string' || value.trim() === '') return 'text';
  if (/^\s*[+-]?(\d+(\.\d*)?|\.\d+)\s*$/.test(value)) return 'numeric';
  return isoTime(value) === null ? 'text' : 'timestamp';
}

const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?(Z|[+-]\d{2}:?\d{2})?)?$/;
const local = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?)?$/;

/**
 * A day or a time as ISO 8601, from ISO itself or from day and month before the year; the month stands first only where
 * the day could be no month. Null: it is none.
 */
export function isoTime(text: string): string | null {
  const given = text.trim();
  const whole = iso.exec(given);
  if (whole) return isDay(whole[1]!, whole[2]!, whole[3]!) ? given : null;
  const parts = local.exec(given);
  if (!parts) return null;
  const [, first, , second, year, hour, minute, seconds] = parts;
  const [day, month] = Number(second) > 12 && Number(first) <= 12 ? [second!, first!] : [first!, second!];
  if (!isDay(year!, month, day)) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return hour ? `${date}T${hour}:${minute}:${seconds ?? '00'}` : date;
}

function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** A value as the column stores it: nothing for an empty text that is no text, times in ISO, texts of what is none. */
export function stored(type: FieldType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'json') return value;
  if (type === 'text') return typeof value === 'string' ? value : JSON.stringify(value);
  if (value === '') return null;
  if ((type === 'date' || type === 'timestamp') && typeof value === 'string') return isoTime(value) ?? value;
  return value;
}
