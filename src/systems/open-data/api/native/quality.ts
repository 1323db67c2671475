import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { sql } from 'drizzle-orm';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readDataset } from '../../datasets.ts';
import type { Package } from '../../dcat/from-package.ts';
import { readPortal } from '../../dcat/reading.ts';
import { readThemes } from '../../dcat/themes.ts';
import { Absent, Denied } from '../../faults.ts';
import { isUuid } from '../../names.ts';
import { readQuality } from '../../quality/reading.ts';
import { qualityText } from '../../quality/words.ts';
import { packageText } from '../../served.ts';
import { callerReader, openToAll } from '../ckan/transport.ts';

const point = z.object({
  id: z.string(),
  dimension: z.string(),
  points: z.number().int(),
  met: z.boolean().nullable().openapi({ description: 'Null: it does not apply and is not counted' }),
  where: z.array(z.string()).openapi({ description: 'What is missing, or which resources fail' }),
  fix: z.string().openapi({ description: 'What would earn the points, in Ukrainian' }),
});
const qualitySchema = z.object({
  dataset: z.string(),
  resource: z.string().nullable(),
  mqa: z.number().int().openapi({ description: 'Points of 405 of the European MQA' }),
  mqa_of: z.number().int(),
  city: z.number().int(),
  city_of: z.number().int().openapi({ description: '100, or 75 where nothing is promised' }),
  rating: z.enum(['excellent', 'good', 'sufficient', 'poor']),
  points: z.array(point),
});

const routeOf = (kind: 'datasets' | 'resources') =>
  createRoute({
    method: 'get',
    path: `/api/v1/open-data/${kind}/{id}/quality`,
    summary:
      kind === 'datasets'
        ? 'Quality of a dataset by its points'
        : 'Quality of a dataset as far as one resource goes',
    request: { params: z.object({ id: z.string().max(200) }) },
    responses: {
      200: {
        description: 'Points and what would earn the missing ones',
        content: { 'application/json': { schema: qualitySchema } },
      },
      404: { description: 'Nothing there, or nothing that you may know of' },
    },
  });

/** `/api/v1/open-data/{datasets|resources}/{id}/quality`. */
export function qualityApi(platform: Platform): OpenAPIHono<MistoEnv> {
  const app = new OpenAPIHono<MistoEnv>();
  const readCaller = callerReader(platform);
  const { db } = platform;

  async function answer(c: Context<MistoEnv>, idOrName: string, resource: string | null) {
    const { actor } = await readCaller(c.req.raw.headers);
    const row = await readDataset(db, actor.id === null ? c.var.visit.actor : actor, idOrName).catch(
      (error: unknown) => {
        if (error instanceof Absent || error instanceof Denied) throw new NotFound('dataset');
        throw error;
      },
    );
    const site = `${c.var.visit.origin}/open-data`;
    const { rows } = await db.execute<{ package: string | null }>(
      sql`select package from od_search where dataset = ${row.id}`,
    );
    if (!rows[0]?.package) throw new NotFound('dataset');
    const given = JSON.parse(packageText(rows[0].package, site)) as Package;
    const only =
      resource === null
        ? given
        : { ...given, resources: given.resources.filter(({ id }) => id === resource) };
    const [portal, themes] = await Promise.all([readPortal(db, site), readThemes(db)]);
    const found = await readQuality(
      db,
      portal,
      themes,
      [{ package: only, due: row.due_at }],
      platform.clock.now(),
    );
    const { quality } = found.get(row.id)!;
    const words = qualityText('uk');
    return {
      dataset: row.id,
      resource,
      mqa: quality.mqa,
      mqa_of: 405,
      city: quality.city,
      city_of: quality.cityOf,
      rating: quality.rating,
      points: quality.points.map((one) => ({ ...one, where: [...one.where], fix: words.criteria[one.id] })),
    };
  }

  app.openapi(routeOf('datasets'), async (c) =>
    c.json(await answer(c, c.req.valid('param').id, null), 200, openToAll),
  );
  app.openapi(routeOf('resources'), async (c) => {
    const { id } = c.req.valid('param');
    const { rows } = isUuid(id)
      ? await db.execute<{ dataset: string }>(
          sql`select dataset from od_resource where id = ${id} and state = 'active'`,
        )
      : { rows: [] };
    if (!rows[0]) throw new NotFound('resource');
    return c.json(await answer(c, rows[0].dataset, id.toLowerCase()), 200, openToAll);
  });
  return app;
}
