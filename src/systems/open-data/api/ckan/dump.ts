import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { apiCost, spend } from '#platform/http/api-limits.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { asBoolean, asInteger } from '../../coercion.ts';
import { dumpColumns } from '../../columnar/dump.ts';
import { sourceOf } from '../../columnar/source.ts';
import { type DumpFormat, dump, dumpFormats } from '../../datastore/dump.ts';
import { Absent, Denied } from '../../faults.ts';
import { countUse } from '../../usage.ts';
import { stateNamed } from './actions/datastore.ts';
import { failureOf } from './errors.ts';
import { base, callerReader, openToAll } from './transport.ts';

const types: Readonly<Record<DumpFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xml: 'text/xml; charset=utf-8',
};

/** `/datastore/dump/<id|alias>`: all rows of a table as a file, streamed. */
export function dumps(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  const readCaller = callerReader(platform);

  const handle = async (c: Context<MistoEnv>) => {
    const query = new URL(c.req.url).searchParams;
    const get = (name: string) => query.get(name) ?? undefined;
    const format = (get('format') ?? 'csv').toLowerCase() as DumpFormat;
    if (!dumpFormats.includes(format))
      return said(400, `format: Value must be one of ${JSON.stringify(dumpFormats).replaceAll('"', "'")}`);
    const numbers: Record<string, number> = {};
    for (const name of ['limit', 'offset']) {
      const value = get(name);
      if (value === undefined || value === '') continue;
      const number = asInteger(value);
      if (number === null || number < 0) return said(400, `${name}: Must be a natural number`);
      numbers[name] = number;
    }
    try {
      await spend(platform, c, apiCost.file);
      const { actor } = await readCaller(c.req.raw.headers);
      const state = await stateNamed({ db: platform.db, actor }, c.req.param('table')!, {
        version: get('version'),
        asOf: get('as_of'),
      });
      countUse(platform.db, state.resource, 'download');
      const fields = get('fields')
        ?.split(',')
        .map((one) => one.trim());
      const q = get('q');
      const request = {
        format,
        bom: asBoolean(get('bom')),
        ...numbers,
        filters: get('filters'),
        q: q?.trim().startsWith('{') ? (JSON.parse(q) as Record<string, string>) : q,
        full_text: get('full_text'),
        plain: get('plain') === undefined || asBoolean(get('plain')),
        fields: fields?.length ? fields : undefined,
        sort: query.has('sort') ? query.getAll('sort') : undefined,
        distinct: asBoolean(get('distinct')),
      };
      const chunks = state.table
        ? await dump(platform.db, state.table, request)
        : await dumpColumns(platform, await sourceOf(platform, state), request);
      return new Response(Readable.toWeb(Readable.from(chunks)) as ReadableStream, {
        headers: {
          ...openToAll,
          'cache-control': 'private, no-store',
          'content-disposition': `attachment; filename="${state.resource}.${format}"`,
          'content-type': types[format],
          'x-content-type-options': 'nosniff',
        },
      });
    } catch (error) {
      // Whoever may not read it need not know that it is there.
      if (error instanceof Absent || error instanceof Denied || error instanceof NotFound)
        return said(404, 'DataStore resource not found');
      if (error instanceof SyntaxError) return said(400, 'q: Cannot parse JSON');
      const failure = failureOf(error, c.var.visit.requestId);
      const { __type, message, ...fields } = failure.error;
      const texts = Object.entries(fields).map(([field, one]) => `${field}: ${[one].flat().join(', ')}`);
      return said(
        failure.status === 409 ? 400 : failure.status,
        texts.join('; ') || String(message ?? __type),
        failure.retryAfter,
      );
    }
  };
  for (const prefix of [base, '']) app.get(`${prefix}/datastore/dump/:table`, handle);
  return app;
}

function said(status: number, text: string, retryAfter?: number): Response {
  return new Response(text, {
    status,
    headers: {
      ...openToAll,
      'cache-control': 'private, no-store',
      'content-type': 'text/plain; charset=utf-8',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
  });
}
