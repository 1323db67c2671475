import type { Field, FieldType } from '../datastore/table.ts';
import { isCard, isPlausibleRnokpp, isUnzr } from './identifiers.ts';
import {
  booklet,
  cardDigits,
  documents,
  email,
  headers,
  patronymic,
  phone,
  plainName,
  suspicious,
  tenDigits,
  unzr,
} from './personal-data.ts';
import type { Role } from './table-schema.ts';

/** A cell of rows that a program sends: its row from 1, and its column. */
export interface PersonalCell {
  readonly row: number;
  readonly column: string;
}

/** What is known of the columns of a table besides their names. */
export interface ColumnKnowledge {
  /** What columns mean, by id. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Columns of which the officer approved that they are not personal, by id. */
  readonly cleared: ReadonlySet<string>;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Looks for cells that give people away among rows that a program sends, by the rules of `findPersonalData`. Rows come a few at a
 * time, so no column is judged by what most of it is.
 *
 * @param today no birth day lies after it.
 */
export function personalInRows(
  rows: readonly Row[],
  fields: readonly Field[],
  { roles, cleared }: ColumnKnowledge,
  today: Date,
): PersonalCell[] {
  const open = fields
    .filter(({ id, type }) => !cleared.has(id) && !measures.has(type))
    .map(({ id, info, type }) => ({
      id,
      type,
      header: typeof info?.label === 'string' ? info.label : id,
      role: roles.get(id) ?? null,
    }));
  // A birth day is a date, and so none of the columns that are looked into.
  const births = fields.filter(
    ({ id, info }) =>
      roles.get(id) !== 'public-name' &&
      !cleared.has(id) &&
      headers.birth.test(typeof info?.label === 'string' ? info.label : id),
  );
  const homes = open.filter(({ header }) => headers.home.test(header) || headers.address.test(header));
  const isHome = (row: Row, { id, header }: Column) =>
    headers.home.test(header) ? textOf(row[id]) !== '' : looks.flat.test(textOf(row[id]).toLowerCase());
  const isPersonal = (row: Row, column: Column) => {
    const text = textOf(row[column.id]);
    if (column.type === 'numeric' && text.includes('.')) return false;
    if (looks.suspicious.test(text) && givesAway(text, column, today)) return true;
    return (
      column.role !== 'public-name' &&
      nameIn(column).test(text) &&
      (births.some(({ id }) => textOf(row[id]) !== '') ||
        homes.some((home) => home.id !== column.id && isHome(row, home)))
    );
  };
  return rows.flatMap((row, n) =>
    open.filter((column) => isPersonal(row, column)).map(({ id }) => ({ row: n + 1, column: id })),
  );
}

/** What a name looks like in a column of this header. */
function nameIn({ header }: Column): RegExp {
  if (headers.name.test(header)) return looks.name;
  return headers.person.test(header) ? looks.person : looks.patronymic;
}

/** Types whose values name nobody. */
const measures: ReadonlySet<FieldType> = new Set(['bool', 'date', 'time', 'timestamp', 'float8']);

interface Column {
  readonly id: string;
  readonly type: FieldType;
  readonly header: string;
  readonly role: Role | null;
}

/** A value as a cell of a file would show it. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
}

const looks = {
  suspicious: new RegExp(suspicious),
  email: new RegExp(email),
  phone: new RegExp(phone),
  tenDigits: new RegExp(tenDigits, 'g'),
  unzr: new RegExp(unzr),
  card: new RegExp(cardDigits),
  booklet: new RegExp(`^(?:${booklet})$`),
  anyBooklet: new RegExp(booklet),
  spokenBooklet: new RegExp(`(^|[^А-ЯІЇЄҐA-Z])${booklet}($|\\D)`),
  patronymic: new RegExp(`^(?:${patronymic})$`),
  person: new RegExp(`^(?:${patronymic}|${plainName})$`),
  name: /^[А-ЯІЇЄҐ][а-яіїєґ'’ʼ-]+( |$)/,
  flat: /(^|[ ,])кв(\.|артира)? ?\d/,
} as const;

function givesAway(text: string, { header, role }: Column, today: Date): boolean {
  const address = /^(https?|ftp):\/\/\S+$/i.test(text);
  const contact = role === 'official-contact';
  if (!contact && role !== 'public-name' && !address && looks.email.test(text)) return true;
  if (documents.has(role ?? '') || headers.other.test(header)) return false;
  if (!contact && !address && looks.phone.test(text)) return true;
  for (const [, digits] of text.matchAll(looks.tenDigits)) if (isPlausibleRnokpp(digits!, today)) return true;
  const [, number] = looks.unzr.exec(text) ?? [];
  if (number && isUnzr(number)) return true;
  const [, card] = looks.card.exec(text) ?? [];
  if (card && isCard(card.replace(/[ -]/g, ''))) return true;
  const upper = text.toUpperCase();
  if (looks.booklet.test(upper)) return true;
  if (/паспорт|passport/.test(text.toLowerCase()) && looks.spokenBooklet.test(text)) return true;
  return headers.passport.test(header) && (/^\d{9}$/.test(text) || looks.anyBooklet.test(upper));
}
