import { Readable } from 'node:stream';
import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { dump } from '../datastore/dump.ts';
import { tablesNamed } from '../datastore/tables.ts';
import { askedOf, filtersOf, sortWish } from './asked.ts';
import { here } from './kit.tsx';
import { datasetFor } from './reads.ts';

/** `/open-data/dataset/{name}/resource/{id}/excel.csv`: the chosen rows, all of them, as Excel opens them. */
export function excelFile(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const id = c.req.param('resource')!;
    const { dataset } = await datasetFor(platform, c, here(c), c.req.param('dataset')!);
    const table = dataset.resources.some((one) => one.id === id)
      ? (await tablesNamed(platform.db, [id])).get(id)
      : undefined;
    if (!table) throw new NotFound('table');
    const asked = askedOf(c);
    const chunks = await dump(platform.db, table, {
      format: 'excel',
      filters: filtersOf(asked),
      ...(asked.q ? { q: asked.q } : {}),
      ...(asked.sort ? { sort: [sortWish(asked.sort)] } : {}),
      fields: table.fields.map((field) => field.id),
    });
    return new Response(Readable.toWeb(Readable.from(chunks)) as ReadableStream, {
      headers: {
        'cache-control': 'private, no-store',
        'content-disposition': `attachment; filename="${id}-excel.csv"`,
        'content-type': 'text/csv; charset=utf-8',
      },
    });
  };
}
