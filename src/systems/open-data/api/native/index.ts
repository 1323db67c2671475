import { Readable } from 'node:stream';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Invalid, NotFound, Refusal } from '#platform/errors.ts';
import { findFile } from '#platform/files/index.ts';
import { apiCost, spend } from '#platform/http/api-limits.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { type ChosenSchema, schemaOf } from '../../checks/chosen-schema.ts';
import { aggregate } from '../../columnar/aggregate.ts';
import { changesOf, compare, diffCsv } from '../../columnar/diff.ts';
import { type ExportFormat, exportFormats, exportRows, exportTypes } from '../../columnar/export.ts';
import { profileColumns, profileOf } from '../../columnar/profile.ts';
import { errorsCsv, repairsCsv, repairsOf, reportOf } from '../../columnar/reports.ts';
import { searchColumns } from '../../columnar/search.ts';
import { columnsOf, sourceOf } from '../../columnar/source.ts';
import { cutVersion } from '../../cut.ts';
import { findDataset } from '../../datasets.ts';
import { type SearchAnswer, searchTable } from '../../datastore/search.ts';
import { Absent, Denied, Faulty, type FieldFaults, faulty } from '../../faults.ts';
import { licenceOf } from '../../licences.ts';

import { mungedName } from '../../names.ts';
import { mustBeThere, type ReadState, readState, readVersion } from '../../read-version.ts';
import { findResource } from '../../resources.ts';
import { may, mustDo, mustRead } from '../../rights.ts';
import { csvwOf, type Described, tableSchemaOf } from '../../schema-documents.ts';
import { countUse } from '../../usage.ts';
import { countVersions, servedVersion, type Version, versionsOf } from '../../versions.ts';
import { callerReader, openToAll } from '../ckan/transport.ts';
import { sendFile } from '../ranges.ts';
import * as parameters from './parameters.ts';
import { resourceWords } from './resource-words.ts';

const base = '/api/v1/open-data/resources/{id}';
const jsonType = 'application/json; charset=utf-8';

type Asked<P extends z.ZodType, Q extends z.ZodType> = {
  readonly c: Context<MistoEnv>;
  readonly actor: Actor;
  readonly path: z.output<P>;
  readonly query: z.output<Q>;
};

/**
 * The portal's own API: versions of resources, their difference, rows as of a day, groups, exports and reports. A token of the portal
 * or the session of a browser says who asks; writing takes a token.
 */
export function nativeApi(platform: Platform): OpenAPIHono<MistoEnv> {
  const app = new OpenAPIHono<MistoEnv>();
  const readCaller = callerReader(platform);
  const { db } = platform;

  app.use('/api/v1/open-data/*', async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(openToAll)) c.header(name, value);
  });
  app.options('/api/v1/open-data/*', () => new Response(null, { status: 204 }));

  /** Adds a reading route and its description; what is wrong with a parameter is said before anything is looked for. */
  function get<P extends z.ZodObject, Q extends z.ZodObject>(
    path: string,
    about: {
      readonly summary: string;
      readonly answer: string;
      readonly type?: string;
      readonly cost?: (typeof apiCost)[keyof typeof apiCost];
    },
    shape: { readonly path: P; readonly query: Q },
    answer: (asked: Asked<P, Q>) => Promise<Response>,
  ): void {
    const route = createRoute({
      method: 'get',
      path: base + path,
      summary: about.summary,
      request: { params: shape.path, query: shape.query },
      responses: {
        200: {
          description: about.answer,
          content: { [about.type ?? 'application/json']: { schema: z.any() } },
        },
        404: { description: 'Nothing there, or nothing that you may know of' },
        422: { description: 'A parameter is wrong, or the question costs too much' },
      },
    });
    app.openAPIRegistry.registerPath(route);
    app.get(route.getRoutingPath(), async (c) => {
      try {
        const query = read(shape.query, queryOf(c));
        await spend(platform, c, about.cost ?? apiCost.page);
        return await answer({ c, actor: await actorOf(c), path: read(shape.path, c.req.param()), query });
      } catch (error) {
        throw told(error);
      }
    });
  }

  async function actorOf(c: Context<MistoEnv>): Promise<Actor> {
    const hasToken = c.req.header('authorization') ?? c.req.header('x-ckan-api-key');
    return hasToken === undefined ? c.var.visit.actor : (await readCaller(c.req.raw.headers)).actor;
  }

  const stateOf = (
    { actor, path }: { readonly actor: Actor; readonly path: { readonly id: string } },
    when: { readonly version?: string | undefined; readonly as_of?: string | undefined } = {},
  ) => readState(db, actor, path.id, { version: when.version, asOf: when.as_of });

  get(
    '/versions',
    { summary: 'Versions of a resource, the newest first', answer: 'Numbers, hashes, rows, authors' },
    { path: parameters.id, query: parameters.versionsQuery },
    async ({ c, actor, path, query }) => {
      const { resource, seesAll } = await readableResource(actor, path.id);
      const which = { open: !seesAll };
      const [total, versions, served] = await Promise.all([
        countVersions(db, resource, which),
        versionsOf(db, resource, { ...which, ...query }),
        servedVersion(db, resource),
      ]);
      return json({
        resource,
        total,
        ...query,
        versions: versions.map((version) => versionJson(c, version, served?.n ?? null)),
      });
    },
  );

  get(
    '/versions/{n}',
    {
      summary: 'One version, with what was found in its file',
      answer: 'Hashes, columns, counts of the reports',
    },
    { path: parameters.numbered, query: z.object({}) },
    async ({ c, actor, path }) => {
      const { resource, seesAll } = await readableResource(actor, path.id);
      const version = await readVersion(db, resource, numberOf(path.n), seesAll);
      const served = await servedVersion(db, resource);
      if (version.takenDownAt) return json(versionJson(c, version, served?.n ?? null), 410);
      const report = await reportOf(db, version);
      return json({
        ...versionJson(c, version, served?.n ?? null),
        columns: version.fields,
        validation: { rows: report.rows, total: report.total, counts: report.counts },
        repairs: report.repairs,
      });
    },
  );

  get(
    '/versions/{n}/original',
    {
      cost: apiCost.file,
      summary: 'The bytes of a version as they came',
      answer: 'The file',
      type: 'application/octet-stream',
    },
    { path: parameters.numbered, query: z.object({}) },
    async ({ c, actor, path }) => {
      const { resource, seesAll, mayWrite } = await readableResource(actor, path.id);
      const version = await readVersion(db, resource, numberOf(path.n), seesAll);
      mustBeThere(version);
      if (!version.rawFile) throw new NotFound('file');
      if (version.rawClosed && !mayWrite)
        throw new Refusal(
          403,
          'closed',
          `this file gives people away; its rows without that are at /api/v1/open-data/resources/${resource}/export.csv?version=${version.n}`,
        );
      if (!c.req.header('range')) countUse(db, resource, 'download');
      return sendFile(platform, c, await findFile(db, version.rawFile), mungedName(version.rawName));
    },
  );

  get(
    '/diff',
    {
      cost: apiCost.query,
      summary: 'What is different between two versions, by row and cell',
      answer: 'Counts, changes of the columns, and a page of the rows that differ',
    },
    { path: parameters.id, query: parameters.diffQuery },
    async ({ actor, path, query }) => {
      const { before, after } = await pairOf(actor, path.id, query.from, query.to);
      const [old, now] = [await columnsOf(platform, before), await columnsOf(platform, after)];
      const found = await compare(platform, old, now, { asked: query.key ?? null, usual: after.key });
      if (query.format === 'csv')
        return streamed(
          diffCsv(platform, found, old, now),
          'text/csv; charset=utf-8',
          `${path.id}-v${before.n}-v${after.n}.csv`,
        );
      const total = found.counts.added + found.counts.changed + found.counts.removed;
      const changes =
        query.limit === 0 || query.offset >= total ? [] : await changesOf(platform, found, old, now, query);
      return json({
        resource: after.resource,
        from: { version: before.n, sha256: before.dataSha256, rows: before.rows },
        to: { version: after.n, sha256: after.dataSha256, rows: after.rows },
        key: found.key,
        counts: found.counts,
        columns: found.columns,
        total,
        limit: query.limit,
        offset: query.offset,
        next_offset: query.offset + changes.length < total ? query.offset + changes.length : null,
        changes,
      });
    },
  );

  get(
    '/rows',
    {
      summary: 'Rows as they are, or as they were in a version or on a day',
      answer: 'Rows with the exact total; the parameters are those of datastore_search',
    },
    { path: parameters.id, query: parameters.rowsQuery },
    async ({ actor, path, query }) => {
      const state = await stateOf({ actor, path }, query);
      countUse(db, state.resource, 'request');
      const request = {
        ...query,
        sort: query.sort === undefined ? undefined : [query.sort],
        withTotal: query.include_total,
        format: query.records_format,
      };
      const found: SearchAnswer = state.table
        ? await searchTable(db, state.table, request)
        : await searchColumns(platform, await sourceOf(platform, state), request);
      const next =
        found.count === found.limit &&
        found.count > 0 &&
        (found.total ?? Infinity) > found.offset + found.count
          ? found.offset + found.count
          : null;
      const head = JSON.stringify({
        ...stateJson(state),
        fields: found.fields,
        limit: found.limit,
        offset: found.offset,
        next_offset: next,
        ...(found.total === null ? {} : { total: found.total }),
        records_format: query.records_format,
      });
      return jsonText(`${head.slice(0, -1)},"records":${found.records}}`);
    },
  );

  get(
    '/aggregate',
    {
      cost: apiCost.query,
      summary: 'Groups of rows, counted and summed',
      answer: 'At most 10000 groups; `truncated` when there are more',
    },
    { path: parameters.id, query: parameters.aggregateQuery },
    async ({ actor, path, query }) => {
      const state = await stateOf({ actor, path }, query);
      countUse(db, state.resource, 'request');
      const found = await aggregate(platform, await sourceOf(platform, state), {
        groupBy: query.group_by ?? [],
        measures: query.measure ?? [],
        filters: query.filters,
        q: query.q,
        sort: query.sort,
        limit: query.limit,
      });
      const head = JSON.stringify({
        ...stateJson(state),
        fields: found.fields,
        count: found.count,
        truncated: found.isCut,
      });
      return jsonText(`${head.slice(0, -1)},"groups":${found.groups}}`);
    },
  );

  for (const format of exportFormats)
    get(
      `/export.${format}`,
      {
        cost: apiCost.file,
        summary: `All rows that fit as ${format.toUpperCase()}`,
        answer: 'The file, as it is being written',
        type: exportTypes[format].split(';')[0]!,
      },
      { path: parameters.id, query: parameters.exportQuery },
      async ({ c, actor, path, query }) => {
        const state = await stateOf({ actor, path }, query);
        const words = await resourceWords(db, state.resource);
        const name = fileName(words.name, state, format);
        if (!c.req.header('range')) countUse(db, state.resource, 'download');
        const isWhole = !query.filters && !query.q && !query.fields && !query.sort;
        // A version as it was stored: whoever reads Parquet from afar asks for parts of it.
        if (format === 'parquet' && isWhole && state.version?.dataFile)
          return sendFile(platform, c, await findFile(db, state.version.dataFile), name);
        if (query.for === 'excel' && format !== 'csv') throw faulty('for', 'Excel is for export.csv');
        const parts = await exportRows(platform, await sourceOf(platform, state), {
          format,
          filters: query.filters,
          q: query.q,
          plain: query.plain,
          fields: query.fields,
          sort: query.sort === undefined ? undefined : [query.sort],
          forExcel: query.for === 'excel',
          sheet: words.name,
        });
        return streamed(parts, exportTypes[format], name);
      },
    );

  get(
    '/profile',
    {
      cost: apiCost.query,
      summary: 'What the columns hold',
      answer: 'Smallest, largest, mean, different, missing, most frequent values',
    },
    { path: parameters.id, query: parameters.whenQuery },
    async ({ actor, path, query }) => {
      const state = await stateOf({ actor, path }, query);
      const profile = state.version
        ? await profileOf(platform, state.version)
        : await profileColumns(platform, await sourceOf(platform, state));
      return json({ ...stateJson(state), ...profile });
    },
  );

  get(
    '/schema.json',
    { summary: 'The columns as Table Schema', answer: 'https://specs.frictionlessdata.io/table-schema/' },
    { path: parameters.id, query: parameters.whenQuery },
    async (asked) => json(tableSchemaOf(await describedOf(asked))),
  );

  get(
    '/csvw.json',
    { summary: 'The columns as CSV on the Web', answer: 'https://www.w3.org/TR/tabular-metadata/' },
    { path: parameters.id, query: parameters.whenQuery },
    async (asked) => json(csvwOf(await describedOf(asked)), 200, 'application/csvm+json; charset=utf-8'),
  );

  get(
    '/validation',
    {
      summary: 'What is wrong with the file of a version, cell by cell',
      answer: 'Counts, and the first thousand errors',
    },
    { path: parameters.id, query: parameters.reportQuery },
    async ({ actor, path, query }) => {
      const version = await versionOfState(await stateOf({ actor, path }, query));
      const report = await reportOf(db, version);
      if (query.format === 'csv')
        return streamed(
          errorsCsv(platform, report),
          'text/csv; charset=utf-8',
          `${path.id}-v${version.n}-validation.csv`,
        );
      const errors = report.errors.slice(query.offset, query.offset + query.limit);
      return json({
        resource: version.resource,
        version: version.n,
        source: report.source,
        rows: report.rows,
        missing: report.missing,
        notices: report.notices,
        counts: report.counts,
        total: report.total,
        limit: query.limit,
        offset: query.offset,
        errors,
      });
    },
  );

  get(
    '/repair',
    {
      summary: 'What was repaired in the file of a version, cell by cell',
      answer: 'Counts by rule, and a page of cells',
    },
    { path: parameters.id, query: parameters.reportQuery },
    async ({ actor, path, query }) => {
      const version = await versionOfState(await stateOf({ actor, path }, query));
      const report = await reportOf(db, version);
      if (query.format === 'csv')
        return streamed(
          repairsCsv(platform, version, report),
          'text/csv; charset=utf-8',
          `${path.id}-v${version.n}-repair.csv`,
        );
      const { total, repairs } = await repairsOf(platform, version, report, query);
      return json({
        resource: version.resource,
        version: version.n,
        source: report.source,
        counts: report.repairs,
        rules: report.rules,
        total,
        limit: query.limit,
        offset: query.offset,
        repairs,
      });
    },
  );

  const cutRoute = createRoute({
    method: 'post',
    path: `${base}/versions`,
    summary: 'Cuts a version of rows that programs have written',
    security: [{ token: [] }],
    request: {
      params: parameters.id,
      body: { content: { 'application/json': { schema: parameters.cutBody } } },
    },
    responses: {
      201: { description: 'The new version', content: { 'application/json': { schema: z.any() } } },
      200: {
        description: 'Nothing was written since the last version',
        content: { 'application/json': { schema: z.any() } },
      },
      401: { description: 'A token is needed' },
      403: { description: 'The token may not write there' },
    },
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
  });
  app.openAPIRegistry.registerPath(cutRoute);
  app.post(cutRoute.getRoutingPath(), async (c) => {
    try {
      // A session is no proof here: another site's page could send its cookie.
      const caller = await readCaller(c.req.raw.headers);
      if (caller.actor.id === null)
        throw new Refusal(401, 'token-needed', 'send a token of the portal as Authorization');
      const body = read(parameters.cutBody, await bodyOf(c));
      const { id } = read(parameters.id, c.req.param());
      const found = await findResource(db, id);
      const dataset = await findDataset(db, found.dataset);
      await mustDo(db, caller.actor, 'write', dataset);
      const cut = await cutVersion(platform, found.id, {
        actor: caller.actor,
        note: body.note,
        requestId: c.var.visit.requestId,
      });
      if (!cut) throw new Absent('no rows');
      const served = await servedVersion(db, found.id);
      return json(
        { ...versionJson(c, cut.version, served?.n ?? null), unchanged: cut.unchanged },
        cut.unchanged ? 200 : 201,
      );
    } catch (error) {
      throw told(error, true);
    }
  });

  app.doc31('/api/v1/open-data/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'місто: open data', version: '1' },
  });
  return app;

  async function readableResource(
    actor: Actor,
    id: string,
  ): Promise<{ resource: string; seesAll: boolean; mayWrite: boolean }> {
    const found = await findResource(db, id);
    const dataset = await findDataset(db, found.dataset);
    await mustRead(db, actor, dataset);
    const [seesAll, mayWrite] = await Promise.all([
      may(db, actor, 'read_private', dataset),
      may(db, actor, 'write', dataset),
    ]);
    return { resource: found.id, seesAll, mayWrite };
  }

  /** Two versions that may be compared: by their numbers, or the newest and the one before it. */
  async function pairOf(
    actor: Actor,
    id: string,
    from: string | undefined,
    to: string | undefined,
  ): Promise<{ before: Version; after: Version }> {
    const { resource, seesAll } = await readableResource(actor, id);
    const which = { open: !seesAll };
    const after = to
      ? await readVersion(db, resource, numberOf(to), seesAll)
      : (await versionsOf(db, resource, { ...which, limit: 1 }))[0];
    if (!after) throw new Absent('no version');
    const before = from
      ? await readVersion(db, resource, numberOf(from), seesAll)
      : (await versionsOf(db, resource, which)).find(({ n }) => n < after.n);
    if (!before) throw new Absent(`no version before ${after.n}`);
    for (const version of [before, after]) mustBeThere(version);
    return { before, after };
  }

  /** The version whose reports are asked for: of rows that programs write, the last one that was cut. */
  async function versionOfState(state: ReadState): Promise<Version> {
    const version = state.version ?? (await servedVersion(db, state.resource));
    if (!version || (version.openedAt === null && !state.seesAll)) throw new Absent('no version');
    mustBeThere(version);
    return version;
  }

  async function describedOf({
    c,
    actor,
    path,
    query,
  }: Asked<typeof parameters.id, typeof parameters.whenQuery>): Promise<Described> {
    const state = await stateOf({ actor, path }, query);
    const words = await resourceWords(db, state.resource);
    const version = state.version ? `?version=${state.version.n}` : '';
    return {
      fields: state.version?.fields ?? state.table!.fields,
      key: state.version?.key ?? state.table!.primaryKey,
      schema: schemaOf(words.schema as ChosenSchema | null),
      title: words.name,
      licence: licenceOf(state.dataset.licence)?.url || null,
      csv: `${c.var.visit.origin}/api/v1/open-data/resources/${state.resource}/export.csv${version}`,
    };
  }
}

/** A version as programs are told of it; what was taken down keeps its number and its hashes. */
function versionJson(c: Context<MistoEnv>, version: Version, served: number | null): Record<string, unknown> {
  const address = `${c.var.visit.origin}/api/v1/open-data/resources/${version.resource}`;
  return {
    resource: version.resource,
    version: version.n,
    current: version.n === served,
    made_at: version.madeAt.toISOString(),
    public_since: version.openedAt?.toISOString() ?? null,
    replaced_at: version.replacedAt?.toISOString() ?? null,
    // A hash of little that is hidden would tell it to whoever tries all that it may be.
    raw_sha256: version.rawClosed ? null : version.rawSha256,
    raw_bytes: version.rawClosed ? null : version.rawBytes,
    data_sha256: version.dataSha256,
    prev_hash: version.prevHash,
    source: version.source,
    ...(version.takenDownAt
      ? { taken_down_at: version.takenDownAt.toISOString(), reason: version.takedownReason }
      : {
          raw_name: version.rawName,
          rows: version.rows,
          refused: version.refused,
          key: version.key,
          author: version.authorName,
          note: version.note,
          links: {
            ...(version.rawClosed ? {} : { original: `${address}/versions/${version.n}/original` }),
            rows: `${address}/rows?version=${version.n}`,
            csv: `${address}/export.csv?version=${version.n}`,
            parquet: `${address}/export.parquet?version=${version.n}`,
            validation: `${address}/validation?version=${version.n}`,
            repair: `${address}/repair?version=${version.n}`,
          },
        }),
  };
}

const stateJson = ({ resource, version }: ReadState): Record<string, unknown> => ({
  resource,
  version: version?.n ?? null,
  ...(version ? { sha256: version.dataSha256, made_at: version.madeAt.toISOString() } : {}),
});

function numberOf(text: string): number {
  const n = Number(/^v?(\d{1,9})$/.exec(text)?.[1]);
  if (!Number.isInteger(n) || n < 1) throw faulty('version', 'Must be the number of a version');
  return n;
}

/** Name of a download: of the resource, its version and its format. */
function fileName(name: string, { version }: ReadState, format: ExportFormat): string {
  return `${mungedName(`${name}.x`).replace(/\.x$/, '')}${version ? `-v${version.n}` : ''}.${format}`;
}

/** Parameters by name; one that is repeated is a list. */
function queryOf(c: Context<MistoEnv>): Record<string, string | string[]> {
  const query = new URL(c.req.url).searchParams;
  return Object.fromEntries(
    [...new Set(query.keys())].map((name) => {
      const all = query.getAll(name);
      return [name, all.length === 1 ? all[0]! : all];
    }),
  );
}

async function bodyOf(c: Context<MistoEnv>): Promise<unknown> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Invalid([{ field: 'body', message: 'Must be JSON' }]);
  }
}

function read<S extends z.ZodType>(shape: S, given: unknown): z.output<S> {
  const found = shape.safeParse(given);
  if (found.success) return found.data;
  throw new Invalid(
    found.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
  );
}

/** What one may not read is not there; what is wrong with a parameter is said field by field. */
function told(error: unknown, isWriting = false): unknown {
  if (error instanceof Denied && !isWriting) return new NotFound('resource');
  if (error instanceof Faulty) return new Invalid(faultsOf(error.fields));
  return error;
}

const faultsOf = (fields: FieldFaults) =>
  Object.entries(fields).flatMap(([field, texts]) =>
    [texts].flat().flatMap((message) => (typeof message === 'string' ? [{ field, message }] : [])),
  );

const json = (value: unknown, status = 200, type = jsonType): Response =>
  jsonText(JSON.stringify(value), status, type);

function jsonText(text: string, status = 200, type = jsonType): Response {
  return new Response(text, {
    status,
    headers: { 'cache-control': 'private, no-cache', 'content-type': type },
  });
}

function streamed(parts: AsyncIterable<Buffer>, type: string, name: string): Response {
  return new Response(Readable.toWeb(Readable.from(parts)) as unknown as BodyInit, {
    headers: {
      'cache-control': 'private, no-store',
      'content-disposition': `attachment; filename="${name}"`,
      'content-type': type,
      'x-content-type-options': 'nosniff',
    },
  });
}
