import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type SQL, sql } from 'drizzle-orm';
import { Invalid, NotFound } from '#platform/errors.ts';
import { apiCost, spend } from '#platform/http/api-limits.ts';
import type { Language } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readCursor, writeCursor } from './call.ts';
import { formatInstant, formatMaybe } from './dates.ts';
import { type RequestRow, readRows, source, visibleTo } from './records.ts';
import { plainNumber } from './requests.ts';

const requestSchema = z
  .object({
    number: z.string(),
    category: z.string(),
    categoryName: z.string(),
    branchName: z.string().nullable(),
    state: z.string(),
    closing: z.string().nullable(),
    result: z.string().nullable(),
    text: z.string().nullable().openapi({ description: 'Masked; null until a moderator has passed it' }),
    note: z.string().nullable(),
    address: z.string().nullable(),
    district: z.string().nullable(),
    lat: z.number().nullable(),
    lon: z.number().nullable(),
    organisation: z.string().nullable(),
    organisationName: z.string().nullable(),
    channel: z.string(),
    master: z.string().nullable(),
    event: z.string().nullable(),
    claims: z.number().int(),
    vetoes: z.number().int(),
    due: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
    closedAt: z.string().nullable(),
  })
  .openapi('Request');

const instant = z.iso.datetime({ offset: true });

const listQuery = z.object({
  state: z
    .string()
    .max(40)
    .optional()
    .openapi({ description: 'A state, or `open` for all that are not closed' }),
  category: z.string().max(60).optional(),
  organisation: z.string().max(60).optional(),
  createdFrom: instant.optional(),
  createdTo: instant.optional(),
  overdue: z.enum(['true']).optional().openapi({ description: 'Open and past the due date' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().openapi({ description: '`next` of the page before' }),
});

const listRoute = createRoute({
  method: 'get',
  path: '/api/contact-centre/requests',
  summary: 'Published requests, newest first',
  request: { query: listQuery },
  responses: {
    200: {
      description: 'One page',
      content: {
        'application/json': {
          schema: z.object({ requests: z.array(requestSchema), next: z.string().nullable() }),
        },
      },
    },
  },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/api/contact-centre/requests/{number}',
  summary: 'One published request',
  request: { params: z.object({ number: z.string().max(40) }) },
  responses: {
    200: { description: 'The request', content: { 'application/json': { schema: requestSchema } } },
    404: { description: 'There is none, or none that everybody may see' },
  },
});

const figuresSchema = z
  .object({
    key: z.string(),
    name: z.string(),
    registered: z.number().int(),
    open: z.number().int(),
    overdue: z.number().int(),
    confirmed: z.number().int().openapi({ description: 'Closed, and a reporter said that it is fixed' }),
    unverified: z.number().int().openapi({ description: 'Closed, and nobody could say; never a success' }),
    vetoed: z.number().int().openapi({ description: 'At least one claim was refuted' }),
    medianHours: z
      .number()
      .nullable()
      .openapi({ description: 'From registering to closing, of those confirmed' }),
  })
  .openapi('Figures');

const statisticsRoute = createRoute({
  method: 'get',
  path: '/api/contact-centre/statistics',
  summary: 'Figures of the requests registered in a span of time',
  request: {
    query: z.object({
      from: instant.optional().openapi({ description: 'Thirty days ago unless given' }),
      to: instant.optional(),
      by: z.enum(['total', 'branch', 'district', 'organisation']).default('total'),
    }),
  },
  responses: {
    200: {
      description: 'One row for each group, the largest first',
      content: {
        'application/json': {
          schema: z.object({ from: z.string(), to: z.string(), rows: z.array(figuresSchema) }),
        },
      },
    },
  },
});

/** The contact centre for programs that want more than Open311 has words for: read-only, described by OpenAPI 3.1. */
export function readApi(platform: Platform): OpenAPIHono<MistoEnv> {
  const app = new OpenAPIHono<MistoEnv>({
    defaultHook: (result) => {
      if (!result.success)
        throw new Invalid(
          result.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message })),
        );
    },
  });
  // Before the counting: the platform reads it without a visitor, for the description of all interfaces.
  app.doc31('/api/contact-centre/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'місто: contact centre', version: '1' },
  });
  app.use('/api/contact-centre/*', async (c, next) => {
    await spend(platform, c, apiCost.page);
    await next();
    c.header('access-control-allow-origin', '*');
  });

  app.openapi(listRoute, async (c) => {
    const query = c.req.valid('query');
    const conditions = conditionsOf(query, platform.clock.now());
    const after = query.cursor === undefined ? null : readCursor(query.cursor);
    if (query.cursor !== undefined && !after)
      throw new Invalid([{ field: 'cursor', message: 'take it from `next` as it is' }]);
    if (after)
      conditions.push(
        sql`(r.requested_at, r.number) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
      );
    const rows = await readRows(
      platform.db,
      { sandbox: false, language: languageOf(c.var.visit) },
      sql`where ${sql.join(conditions, sql` and `)} order by r.requested_at desc, r.number desc limit ${query.limit + 1}`,
    );
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const next =
      rows.length > query.limit && last ? writeCursor(new Date(last.requested_at), last.number) : null;
    return c.json({ requests: shown.map(present), next }, 200);
  });

  app.openapi(oneRoute, async (c) => {
    const number = plainNumber(c.req.valid('param').number);
    const [row] = await readRows(
      platform.db,
      { sandbox: false, language: languageOf(c.var.visit) },
      sql`where r.number = ${number} and ${visibleTo(null)}`,
    );
    if (!row) throw new NotFound('request');
    return c.json(present(row), 200);
  });

  app.openapi(statisticsRoute, async (c) => {
    const query = c.req.valid('query');
    const now = platform.clock.now();
    const to = query.to ? new Date(query.to) : now;
    const from = query.from ? new Date(query.from) : new Date(to.getTime() - 30 * 86_400_000);
    const rows = await figures(platform, languageOf(c.var.visit), query.by, from, to);
    return c.json({ from: formatInstant(from), to: formatInstant(to), rows }, 200);
  });

  return app;
}

const languageOf = (visit: { language: Language } | undefined): Language => visit?.language ?? 'uk';

function conditionsOf(query: z.infer<typeof listQuery>, now: Date): SQL[] {
  const conditions: SQL[] = [visibleTo(null)];
  if (query.state === 'open') conditions.push(sql`r.status = 'open'`);
  else if (query.state) conditions.push(sql`r.state = ${query.state}`);
  if (query.category) conditions.push(sql`r.service_code = ${query.category}`);
  if (query.organisation) conditions.push(sql`r.organisation = ${query.organisation}`);
  if (query.createdFrom) conditions.push(sql`r.requested_at >= ${query.createdFrom}::timestamptz`);
  if (query.createdTo) conditions.push(sql`r.requested_at < ${query.createdTo}::timestamptz`);
  if (query.overdue) conditions.push(sql`r.status = 'open' and r.expected_at < ${now.toISOString()}`);
  return conditions;
}

const groups = {
  total: { key: sql`'all'`, name: sql`'all'` },
  branch: { key: sql`coalesce(r.branch_name, '')`, name: sql`coalesce(r.branch_name, '')` },
  district: { key: sql`coalesce(r.district, '')`, name: sql`coalesce(r.district, '')` },
  organisation: { key: sql`coalesce(r.organisation, '')`, name: sql`coalesce(r.agency, '')` },
} as const;

type FigureRow = z.infer<typeof figuresSchema> & Record<string, unknown>;

/** Merged requests count with their master, so that joining others makes nobody's figures better or worse. */
async function figures(
  platform: Platform,
  language: Language,
  by: keyof typeof groups,
  from: Date,
  to: Date,
): Promise<FigureRow[]> {
  const { key, name } = groups[by];
  const now = platform.clock.now().toISOString();
  const { rows } = await platform.db.execute<FigureRow>(sql`
    select ${key} as key, ${name} as name, count(*)::int as registered,
      count(*) filter (where r.status = 'open')::int as open,
      count(*) filter (where r.status = 'open' and r.expected_at < ${now})::int as overdue,
      count(*) filter (where r.closing = 'confirmed')::int as confirmed,
      count(*) filter (where r.closing = 'unverified')::int as unverified,
      count(*) filter (where r.reworks > 0)::int as vetoed,
      round((percentile_cont(0.5) within group (order by extract(epoch from r.closed_at - r.requested_at) / 3600)
        filter (where r.closing = 'confirmed'))::numeric, 1)::float8 as "medianHours"
    from ${source(false, language)} r
    where r.master is null and ${visibleTo(null)}
      and r.requested_at >= ${from.toISOString()} and r.requested_at < ${to.toISOString()}
    group by 1, 2 order by 3 desc, 1`);
  return rows;
}

/** The one shape of a request in this API. */
function present(row: RequestRow): z.infer<typeof requestSchema> {
  const maybe = (value: string | null) => formatMaybe(value === null ? null : new Date(value));
  return {
    number: row.number,
    category: row.service_code,
    categoryName: row.service_name,
    branchName: row.branch_name,
    state: row.state,
    closing: row.closing,
    result: row.result,
    text: row.text,
    note: row.status_notes,
    address: row.address,
    district: row.district,
    lat: row.lat,
    lon: row.lon,
    organisation: row.organisation,
    organisationName: row.agency,
    channel: row.source,
    master: row.master,
    event: row.event,
    claims: row.claims,
    vetoes: row.reworks,
    due: maybe(row.expected_at),
    createdAt: formatInstant(new Date(row.requested_at)),
    updatedAt: formatInstant(new Date(row.changed_at)),
    closedAt: maybe(row.closed_at),
  };
}
