import { sql } from 'drizzle-orm';
import type { Work } from '#platform/work.ts';
import { asText, isRecord } from '../../../coercion.ts';
import { searchColumns } from '../../../columnar/search.ts';
import { sourceOf } from '../../../columnar/source.ts';
import { findDataset, touchDataset } from '../../../datasets.ts';
import { askSql } from '../../../datastore/ask-sql.ts';
import { recordsOf } from '../../../datastore/fields.ts';
import { infoOf, infoOfVersion } from '../../../datastore/info.ts';
import { metadataName, metadataTable } from '../../../datastore/metadata.ts';
import type { RecordsFormat } from '../../../datastore/records.ts';
import {
  largestLimit,
  type SearchAnswer,
  type SearchRequest,
  searchTable,
  usualLimit,
} from '../../../datastore/search.ts';
import { type StoredTable, tablesNamed } from '../../../datastore/tables.ts';
import { createTable, deleteRows, dropTable, type Method, writeRows } from '../../../datastore/write.ts';
import { Absent, Denied, Faulty, faulty } from '../../../faults.ts';
import { isUuid } from '../../../names.ts';
import { type ReadState, readState, type When } from '../../../read-version.ts';
import { createResource } from '../../../resources.ts';
import { mustDo } from '../../../rights.ts';
import { countUse } from '../../../usage.ts';
import { type Actions, type Call, Json, reading, writing } from '../action.ts';
import { anything, flag, flagOn, list, natural, needed, type Parameter, text } from '../parameters.ts';

const commaList = list({ comma: true });

/** Texts by column, or one text; JSON of them too. */
const query: Parameter<string | Record<string, string> | undefined> = {
  kind: 'text or texts by column',
  needed: false,
  read(value) {
    const given = typeof value === 'string' && /^\s*\{/.test(value) ? jsonOr(value) : value;
    if (isRecord(given))
      return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, asText(one) ?? '']));
    return asText(Array.isArray(given) ? given[0] : given) ?? undefined;
  },
};

/** A list of objects; JSON of one too. */
const jsonList: Parameter<unknown> = {
  kind: 'list',
  needed: false,
  read: (value) => (typeof value === 'string' && value !== '' ? jsonOr(value) : value),
};

function jsonOr(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const formats: readonly RecordsFormat[] = ['objects', 'lists', 'csv', 'tsv'];
const recordsFormat: Parameter<RecordsFormat> = {
  kind: 'objects, lists, csv or tsv',
  needed: false,
  read(value, fault) {
    const given = asText(value) ?? 'objects';
    if (!formats.includes(given as RecordsFormat)) fault(`Value must be one of ${JSON.stringify(formats)}`);
    return given as RecordsFormat;
  },
};

const methods: readonly Method[] = ['upsert', 'insert', 'update'];
const method: Parameter<Method> = {
  kind: 'upsert, insert or update',
  needed: false,
  read(value, fault) {
    const given = asText(value) ?? 'upsert';
    if (!methods.includes(given as Method)) fault(`"${given}" is not defined`);
    return given as Method;
  },
};

const closed = (name: string) =>
  writing({
    about: `${name} is not open: functions and triggers of the database are not for programs of others.`,
    access: 'everybody',
    run: () => Promise.reject(new Denied('Functions, sequences and triggers are not open')),
  });

/** Rows of resources: asked, queried and written. */
export const datastoreActions: Actions = {
  datastore_search: reading({
    about: 'Rows of a resource by filters and words, in an order, with the exact total.',
    parameters: {
      resource_id: text,
      id: text,
      filters: anything,
      q: query,
      full_text: text,
      plain: flagOn,
      language: text,
      distinct: flag,
      limit: natural(usualLimit, largestLimit),
      offset: natural(0),
      fields: commaList,
      sort: list(),
      include_total: flagOn,
      records_format: recordsFormat,
      include_next_page: flag,
      version: text,
      as_of: text,
    },
    async run(call, given) {
      const name = given.resource_id ?? given.id;
      if (name === undefined) throw faulty('resource_id', 'Missing value');
      const request = {
        filters: given.filters,
        q: given.q,
        full_text: given.full_text,
        plain: given.plain,
        distinct: given.distinct,
        limit: given.limit,
        offset: given.offset,
        fields: given.fields,
        sort: given.sort,
        withTotal: given.include_total,
        format: given.records_format,
      };
      const found =
        name === metadataName
          ? await searchTable(call.db, metadataTable, request)
          : await searchState(call, await stateNamed(call, name, whenOf(given)), request);
      const said = Object.fromEntries(
        [
          'offset',
          'q',
          'filters',
          'sort',
          'fields',
          'full_text',
          'plain',
          'language',
          'distinct',
          'version',
          'as_of',
        ].flatMap((key) =>
          call.sent[key] === undefined || (key === 'offset' && given.offset === 0)
            ? []
            : [[key, call.sent[key]]],
        ),
      );
      const last = given.include_next_page && found.count === found.limit ? found.last : null;
      const parts = [
        JSON.stringify({
          include_total: given.include_total,
          limit: found.limit,
          ...said,
          ...(given.offset > 0 ? { offset: given.offset } : {}),
          records_format: given.records_format,
          resource_id: name,
        }).slice(0, -1),
        `"records":${found.records}`,
        JSON.stringify({
          fields: found.fields,
          _links: links(call, found.limit, given.offset),
          ...(found.total === null ? {} : { total: found.total, total_was_estimated: false }),
          ...(last ? { next_page: { _id: { [last.descending ? 'lt' : 'gt']: last.id } } } : {}),
        }).slice(1),
      ];
      return new Json(parts.join(','));
    },
  }),
  datastore_search_sql: reading({
    about: 'One SELECT of SQL over public resources: their ids and aliases are its tables.',
    parameters: { sql: needed },
    async run(call, given) {
      const answer = await askSql(call.db, call.actor, given.sql);
      return new Json(
        `{"sql":${JSON.stringify(given.sql)},"records":${answer.records},"fields":${JSON.stringify(answer.fields)}${answer.isCut ? ',"records_truncated":true' : ''}}`,
      );
    },
  }),
  datastore_info: reading({
    about: 'Size and columns of the table of a resource.',
    parameters: { resource_id: text, id: text, version: text, as_of: text },
    async run(call, given) {
      const name = given.resource_id ?? given.id;
      if (name === undefined) throw faulty('id', 'Missing value');
      const state = await stateNamed(call, name, whenOf(given), 'Resource/Alias');
      const info = state.table ? await infoOf(call.db, state.table) : infoOfVersion(state.version!);
      return state.version ? { ...info, meta: { ...info.meta, version: state.version.n } } : info;
    },
  }),
  datastore_create: writing({
    about: 'Makes the table of a resource, or adds columns and rows to it.',
    parameters: {
      resource_id: text,
      resource: jsonList,
      force: flag,
      fields: jsonList,
      records: jsonList,
      primary_key: commaList,
      indexes: list(),
      aliases: commaList,
      delete_fields: flag,
      include_records: flag,
      calculate_record_count: flag,
    },
    async run(call, given) {
      if (given.resource_id !== undefined && given.resource !== undefined)
        throw faulty('resource', 'resource cannot be used with resource_id');
      if (given.resource_id === undefined && given.resource === undefined)
        throw faulty('resource_id', 'resource_id or resource required');
      const table = await call.work(async (work) => {
        const resource =
          given.resource_id === undefined
            ? await newResource(work, given.resource)
            : await writableResource(work, given.resource_id, given.force);
        const made = await createTable(work, resource, {
          fields: given.fields,
          records: given.records,
          primaryKey: given.primary_key,
          indexes: given.indexes,
          aliases: given.aliases,
          deleteFields: given.delete_fields,
        });
        await work.tx.execute(sql`update od_resource set datastore_active = true where id = ${resource}`);
        await touchDataset(work, made.dataset);
        return made;
      });
      return {
        resource_id: table.resource,
        method: 'insert',
        fields: table.fields,
        primary_key: table.primaryKey,
        ...(given.indexes ? { indexes: given.indexes } : {}),
        ...(table.aliases.length > 0 ? { aliases: table.aliases } : {}),
        ...(given.include_records ? { records: recordsOf(given.records) } : {}),
        ...(given.calculate_record_count ? { total: (await infoOf(call.db, table)).meta.count } : {}),
      };
    },
  }),
  datastore_upsert: writing({
    about: 'Adds rows to a table or changes rows of it, all or none.',
    parameters: {
      resource_id: needed,
      records: jsonList,
      method,
      force: flag,
      dry_run: flag,
      include_records: flag,
      calculate_record_count: flag,
    },
    async run(call, given) {
      const write = call.work(async (work) => {
        const table = await writableTable(work, given.resource_id, given.force);
        if (given.method !== 'insert' && table.primaryKey.length === 0 && !namesRows(given.records))
          throw faulty('table', 'unique key must be passed for update/upsert');
        await writeRows(work, table, given.records, given.method);
        if (given.dry_run) throw new DryRun();
        await touchDataset(work, table.dataset);
      });
      await write.catch((error: unknown) => {
        if (!(error instanceof DryRun)) throw error;
      });
      return {
        resource_id: given.resource_id,
        method: given.method,
        ...(given.dry_run ? { dry_run: true } : {}),
        ...(given.include_records ? { records: recordsOf(given.records) } : {}),
      };
    },
  }),
  datastore_delete: writing({
    about: 'Takes rows out of a table by filters; without filters the table itself goes.',
    parameters: {
      resource_id: text,
      id: text,
      filters: anything,
      force: flag,
      include_deleted_records: flag,
    },
    run: (call, given) => remove(call, given, true),
  }),
  datastore_records_delete: writing({
    about: 'Takes rows out of a table by filters; an empty dict takes all, and the table stays.',
    parameters: {
      resource_id: text,
      id: text,
      filters: anything,
      force: flag,
      include_deleted_records: flag,
    },
    async run(call, given) {
      if (given.filters === undefined || given.filters === null || given.filters === '')
        throw faulty('filters', 'Missing value');
      return remove(call, given, false);
    },
  }),
  datastore_function_create: closed('datastore_function_create'),
  datastore_function_delete: closed('datastore_function_delete'),
  datastore_sequence_create: closed('datastore_sequence_create'),
  datastore_sequence_delete: closed('datastore_sequence_delete'),
  datastore_run_triggers: closed('datastore_run_triggers'),
};

/** Ends a transaction whose writes were only to be tried. */
class DryRun extends Error {}

function namesRows(records: unknown): boolean {
  return Array.isArray(records) && records.every((row) => isRecord(row) && row._id !== undefined);
}

async function remove(
  call: Call,
  given: {
    readonly resource_id: string | undefined;
    readonly id: string | undefined;
    readonly filters: unknown;
    readonly force: boolean;
    readonly include_deleted_records: boolean;
  },
  mayDrop: boolean,
): Promise<Record<string, unknown>> {
  const name = given.resource_id ?? given.id;
  if (name === undefined) throw faulty('resource_id', 'Missing value');
  const isWhole = mayDrop && (given.filters === undefined || given.filters === null || given.filters === '');
  const deleted = await call.work(async (work) => {
    const table = await writableTable(work, name, given.force);
    const gone =
      given.include_deleted_records && !isWhole
        ? (
            await searchTable(work.tx, table, {
              filters: given.filters,
              limit: largestLimit,
              withTotal: false,
            })
          ).records
        : null;
    if (isWhole) {
      await dropTable(work, table);
      await work.tx.execute(
        sql`update od_resource set datastore_active = false, rows = null where id = ${table.resource}`,
      );
    } else await deleteRows(work, table, given.filters);
    await touchDataset(work, table.dataset);
    return gone;
  });
  return {
    resource_id: name,
    ...(given.filters === undefined ? {} : { filters: given.filters }),
    ...(deleted === null ? {} : { deleted_records: JSON.parse(deleted) as unknown }),
  };
}

const whenOf = (given: {
  readonly version: string | undefined;
  readonly as_of: string | undefined;
}): When => ({
  version: given.version,
  asOf: given.as_of,
});

/** The rows of a resource by its id or alias, as they are or as they were, for those who may read it. @throws Absent, Denied */
export async function stateNamed(
  call: Pick<Call, 'db' | 'actor'>,
  name: string,
  when: When,
  what = 'Resource',
): Promise<ReadState> {
  const table = (await tablesNamed(call.db, [name])).get(name);
  const isNamed = Boolean(when.version || when.asOf);
  if (!table && !(isNamed && isUuid(name))) throw new Absent(`${what} "${name}" was not found.`);
  return readState(call.db, call.actor, table?.resource ?? name, when);
}

async function searchState(call: Call, state: ReadState, request: SearchRequest): Promise<SearchAnswer> {
  countUse(call.db, state.resource, 'request');
  return state.table
    ? searchTable(call.db, state.table, request)
    : searchColumns(call.platform, await sourceOf(call.platform, state), request);
}

async function writableTable(work: Work, name: string, force: boolean): Promise<StoredTable> {
  const table = (await tablesNamed(work.tx, [name])).get(name);
  if (!table) throw new Absent(`Resource "${name}" was not found.`);
  await writableResource(work, table.resource, force);
  return table;
}

const readOnly = `Cannot edit read-only resource because changes made may be lost. Use a resource created for editing e.g. with datastore_create or use "force=True" to ignore this warning.`;

const ofSystem = 'A system of the city publishes this resource: its rows are read only.';

/** @returns its id. @throws Absent, Denied, Faulty where rows come from a file or a system */
async function writableResource(work: Work, id: string, force: boolean): Promise<string> {
  const { rows } = isUuid(id)
    ? await work.tx.execute<{ kind: string; url: string; dataset: string }>(
        sql`select kind, url, dataset from od_resource where id = ${id} and state = 'active'`,
      )
    : { rows: [] };
  const [found] = rows;
  if (!found) throw new Absent(`Resource "${id}" was not found.`);
  await mustDo(work.tx, work.actor, 'write', await findDataset(work.tx, found.dataset));
  if (found.kind === 'live') throw new Faulty({ 'read-only': [ofSystem] });
  if (found.kind !== 'datastore' && !force && !(found.kind === 'link' && found.url === ''))
    throw new Faulty({ 'read-only': [readOnly] });
  if (found.kind === 'link' && found.url === '')
    await work.tx.execute(sql`update od_resource set kind = 'datastore' where id = ${id}`);
  return id;
}

async function newResource(work: Work, given: unknown): Promise<string> {
  if (!isRecord(given)) throw faulty('resource', 'Invalid value');
  const { resource } = await createResource(work, { ...given, url: '', url_type: 'datastore' });
  return resource;
}

/** Where the same call goes on, as clients before 2.12 look for it. */
function links(call: Call, limit: number, offset: number): { start: string; next: string } {
  const at = (from: number) => {
    const parameters = new URLSearchParams();
    for (const [key, value] of Object.entries(call.sent))
      if (key !== 'offset' && value !== undefined && value !== null)
        parameters.append(key, typeof value === 'object' ? JSON.stringify(value) : String(value));
    if (from > 0) parameters.append('offset', String(from));
    return `/api/3/action/datastore_search?${parameters}`;
  };
  return { start: at(0), next: at(offset + limit) };
}
