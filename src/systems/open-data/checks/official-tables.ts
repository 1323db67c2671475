import type { ColumnType } from '../loading/types.ts';
import { normalForm } from './normal-form.ts';
import tables from './official-tables.json' with { type: 'json' };
import { referenceOf } from './references.ts';
import type { Role, SchemaColumn, TableSchema } from './table-schema.ts';

/** A table of the recommendations of 2025 to Resolution 835 of the Cabinet of Ministers, 21.10.2015. */
export interface OfficialTable {
  /** `835/33/appeals`. */
  readonly id: string;
  readonly appendix: number;
  /** Code of 2019 such as `mun-037`; null: there was none. */
  readonly code: string | null;
  /** The data set, in Ukrainian. */
  readonly dataset: string;
  readonly table: string;
  readonly schema: TableSchema;
}

/** Types of the recommendations in our words. */
const types: Readonly<Record<string, ColumnType>> = {
  string: 'text',
  decimal: 'numeric',
  integer: 'integer',
  date: 'date',
  dateTime: 'timestamp',
  time: 'time',
  boolean: 'boolean',
  anyURL: 'url',
};

/** Appendices whose tables name people because the standard demands it: deputies, their votes, queues, graves, inspectors. */
const namingAppendices = new Set([29, 30, 46, 63, 69, 75]);
/** Names of columns with telephones and letters of institutions, posts and deputies. */
const contacts =
  /contactPoint(Telephone|Email)$|^telephone$|^email$|^ownerTelephone$|^ownerEmail$|^dataUser(Telephone|Email)$/;
/** Columns that end in `Id` and name an institution hold its ЄДРПОУ. */
const institutions =
  /^(authority|publisher|legalActAdopter|balanceHolder|organization|custodian|registrator|procuringEntity|suppliers|distributor|recipient|executant|provider|contractCustodian|institution|operator|disposer|developer|protection|catch|veterinary|inventoryOrg|docIssuer|evacuationOrganization|ownercustodian|implementer|supervisor|contractor|projector|engineer)Id$|^organizationIdentifier$/;
/** A key of one of these names belongs to the row itself. */
const ownKey = /^(uid|id|ocid|identifier)$/i;

export const officialTables: readonly OfficialTable[] = tables.map(
  ({ appendix, code, dataset, table, key, columns }) => ({
    id: `835/${appendix}/${table}`,
    appendix,
    code,
    dataset,
    table,
    schema: {
      origin: `835/${appendix}/${table}`,
      columns: columns.split(' ').map((column) => columnOf(column, appendix, table)),
      key: key ? [key] : [],
      keyIsUnique: key !== null && ownKey.test(key),
    },
  }),
);

const byId = new Map(officialTables.map((table) => [table.id, table]));

/** @returns the table of an id such as `835/33/appeals`, or undefined. */
export const officialTable = (id: string) => byId.get(id);

function columnOf(text: string, appendix: number, table: string): SchemaColumn {
  const [id, said] = text.split(':') as [string, string];
  const type = types[said.replace('!', '')]!;
  const role = roleOf(id, appendix);
  const references = referenceOf(`835/${appendix}/${table}.${id}`);
  return {
    id,
    title: null,
    // `currencyCode` is called decimal in places, and takes the letters of ISO 4217 all the same.
    type: role === 'currency' ? 'text' : type,
    required: said.endsWith('!'),
    role,
    ...(references && { references }),
  };
}

function roleOf(id: string, appendix: number): Role | null {
  if (/(^|capture|release|construction)lat$/i.test(id)) return 'lat';
  if (/(^|capture|release|construction)lon$/i.test(id)) return 'lon';
  if (/cat+ut+c$/i.test(id)) return 'katottg';
  if (/postCode$/i.test(id)) return 'post-code';
  if (/^cadastral/.test(id)) return 'cadastral';
  if (/^currency(Code(_\d)?)?$/.test(id)) return 'currency';
  if (contacts.test(id)) return 'official-contact';
  if (institutions.test(id)) return 'edrpou';
  if (namingAppendices.has(appendix) && /(name|birthDate|deathDate|email|telephone)$/i.test(id))
    return 'public-name';
  if (
    /^(inventoryNumber|serialNumber|passportNumber|.*[cC]ounterId|number|.*Number|vehicleVin|vin|chipUid)$/.test(
      id,
    )
  )
    return 'document-number';
  return null;
}

/** How headers of a file became columns of a schema. */
export interface Match {
  /** For each header the column of the schema, or null. */
  readonly columns: readonly (SchemaColumn | null)[];
  readonly missing: readonly SchemaColumn[];
  /** Share of the required columns that were found, from 0 to 1. */
  readonly share: number;
}

/**
 * Matches headers with the columns of a schema by their normal form or Ukrainian title. Repeated columns may be called
 * alike, or have `.1`, `.2` or `_2`, `_3` at their ends.
 */
export function matchColumns(headers: readonly string[], { columns }: TableSchema): Match {
  const free = new Map<string, SchemaColumn[]>();
  for (const column of columns)
    for (const name of new Set([column.id, column.title].filter((one) => one !== null).map(baseFormOf)))
      free.set(name, [...(free.get(name) ?? []), column]);
  const taken = new Set<SchemaColumn>();
  const take = (header: string): SchemaColumn | null => {
    const wanted = normalForm(header);
    const exact = columns.find((column) => !taken.has(column) && formOf(column.id) === wanted);
    const found = exact ?? free.get(baseForm(header))?.find((column) => !taken.has(column)) ?? null;
    if (found) taken.add(found);
    return found;
  };
  const matched = headers.map((header) => (header.trim() === '' ? null : take(header)));
  const missing = columns.filter((column) => !taken.has(column));
  const required = columns.filter((column) => column.required);
  const found = required.filter((column) => taken.has(column));
  return { columns: matched, missing, share: required.length ? found.length / required.length : 1 };
}

/** Names of schemas are few and asked for again and again. */
function remembered(form: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const found = known.get(name) ?? form(name);
    known.set(name, found);
    return found;
  };
}

/** Without the number of a repeated column. */
const baseForm = (name: string) => normalForm(name.replace(/[._]\d$/, ''));
const baseFormOf = remembered(baseForm);
const formOf = remembered(normalForm);

/** Official tables that the headers look like, the likeliest first; none when the likeness is weak. */
export function likelyTables(
  headers: readonly string[],
  most = 5,
): readonly { readonly table: OfficialTable; readonly share: number }[] {
  return officialTables
    .map((table) => {
      const { columns } = matchColumns(headers, table.schema);
      const hits = columns.filter(Boolean).length;
      return { table, share: (2 * hits) / (headers.length + table.schema.columns.length) };
    })
    .filter(({ share }) => share >= 0.5)
    .sort((a, b) => b.share - a.share)
    .slice(0, most);
}
