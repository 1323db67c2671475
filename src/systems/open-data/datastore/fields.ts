import { isRecord } from '../coercion.ts';
import { Faulty } from '../faults.ts';
import type { Field } from './table.ts';
import { fieldType, guessType } from './values.ts';

/** A record as it is sent. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * The columns that a request names, or that its first record shows.
 *
 * @param known columns the table has already: their types stay.
 * @throws Faulty of `fields` or `records`.
 */
export function fieldsOf(given: unknown, records: readonly Row[], known: readonly Field[]): Field[] {
  const named = given === undefined || given === null ? [] : listed(given);
  const [first] = records;
  const fields = named.map(({ id, type, info }) => {
    const old = known.find((field) => field.id === id);
    const read = type === undefined ? (old?.type ?? guessType(first?.[id])) : fieldType(type);
    if (!read) throw new Faulty({ fields: [`"${String(type)}" is not a valid field type`] });
    return { id, type: read, ...(info ? { info } : old?.info ? { info: old.info } : {}) };
  });
  if (new Set(fields.map(({ id }) => id)).size < fields.length)
    throw new Faulty({ field: ['Duplicate column names are not supported'] });
  if (named.length > 0 || !first) return fields;
  const ids = Object.keys(first).filter((id) => id !== '_id');
  ids.forEach(mustBeName);
  return ids.map((id) => known.find((field) => field.id === id) ?? { id, type: guessType(first[id]) });
}

function listed(given: unknown): { id: string; type?: unknown; info?: Record<string, unknown> }[] {
  if (!Array.isArray(given)) throw new Faulty({ fields: ['Not a list'] });
  return given
    .filter((one) => !(isRecord(one) && one.id === '_id'))
    .map((one) => {
      if (!isRecord(one) || typeof one.id !== 'string')
        throw new Faulty({ fields: ['"" is not a valid field name'] });
      mustBeName(one.id);
      return {
        id: one.id,
        ...(one.type === undefined || one.type === null || one.type === '' ? {} : { type: one.type }),
        ...(isRecord(one.info) ? { info: one.info } : {}),
      };
    });
}

const longestName = 63;

function mustBeName(id: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (id === '' || id !== id.trim() || id.startsWith('_') || /["\u0000-\u001f\u007f]/.test(id))
    throw new Faulty({ fields: [`"${id}" is not a valid field name`] });
  if (Buffer.byteLength(id) > longestName)
    throw new Faulty({ fields: [`Column heading "${id}" exceeds limit of 63 characters.`] });
}

/**
 * The records of a request: objects whose keys are columns.
 *
 * @throws Faulty of `records`, with `records_row` where one row is at fault.
 */
export function recordsOf(given: unknown): Row[] {
  if (given === undefined || given === null || given === '') return [];
  if (!Array.isArray(given)) throw new Faulty({ records: ['Not a list'] });
  if (given.length > 0 && !isRecord(given[0]))
    throw new Faulty({ records: ['The first row is not a json object'] });
  given.forEach((row, n) => {
    if (!isRecord(row)) throw new Faulty({ records: [`row "${n + 1}" is not a json object`] });
  });
  return given as Row[];
}

/** @throws Faulty of `records` when a row has a key that is no column. */
export function mustFit(records: readonly Row[], fields: readonly Field[]): void {
  const known = new Set(['_id', ...fields.map(({ id }) => id)]);
  records.forEach((row, n) => {
    const extra = Object.keys(row).filter((key) => !known.has(key));
    if (extra.length > 0)
      throw new Faulty({ records: [`row "${n + 1}" has extra keys "${extra.join(', ')}"`] });
  });
}
