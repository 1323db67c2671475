import { sql } from 'drizzle-orm';
import { Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { dataPackage } from '../../dcat/data-package.ts';
import { findPublic, readCatalogueDataset, readPortal } from '../../dcat/reading.ts';
import { type RegisterRow, registerCsv, registerRow } from '../../dcat/register.ts';
import { type SitemapEntry, sitemapSize, writeSitemap, writeSitemapIndex } from '../../dcat/sitemap.ts';
import { callerReader, siteOf } from '../ckan/transport.ts';
import { document, failure } from './answers.ts';
import { mount } from './mounting.ts';

/** Datasets that are read at a time for the register. */
const step = 1_000;

/** The catalogue as files: the register of datasets, a package for data tools, and the map for search engines. */
export function files(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  const readCaller = callerReader(platform);

  const register = async (site: string): Promise<RegisterRow[]> => {
    const portal = await readPortal(platform.db, site);
    const rows: RegisterRow[] = [];
    for (let start = 0, total = 1; start < total; start += step) {
      const found = await findPublic(platform, site, { q: '', fq: [], sort: 'id asc', rows: step, start });
      total = found.total;
      rows.push(...found.datasets.map((dataset) => registerRow(portal, dataset)));
    }
    return rows;
  };

  /** Written anew only when something has changed: the whole catalogue is read for it. */
  const kept = new Map<string, { readonly state: string; readonly body: string }>();
  const keptRegister = async (site: string, form: 'csv' | 'json'): Promise<string> => {
    const key = `${form} ${site}`;
    const state = await stateOfCatalogue(platform);
    const known = kept.get(key);
    if (known?.state === state) return known.body;
    const rows = await register(site);
    const body = form === 'csv' ? registerCsv(rows) : `${JSON.stringify(rows, null, 1)}\n`;
    // Addresses differ by what a visitor called the host.
    if (kept.size >= 8) kept.clear();
    kept.set(key, { state, body });
    return body;
  };

  mount(app, platform, '/datasets.csv', async (c) =>
    document(c, await keptRegister(siteOf(c), 'csv'), 'text/csv'),
  );
  mount(app, platform, '/datasets.json', async (c) =>
    document(c, await keptRegister(siteOf(c), 'json'), 'application/json'),
  );

  mount(app, platform, '/dataset/:dataset/datapackage.json', async (c) => {
    try {
      const site = siteOf(c);
      const { actor } = await readCaller(c.req.raw.headers);
      const [portal, dataset] = await Promise.all([
        readPortal(platform.db, site),
        readCatalogueDataset(platform.db, actor, site, c.req.param('dataset')!),
      ]);
      const body = `${JSON.stringify(dataPackage(portal, dataset), null, 2)}\n`;
      return document(c, body, 'application/json', new Date(`${dataset.modified}Z`));
    } catch (error) {
      return failure(error);
    }
  });

  mount(app, platform, '/:file{sitemap(?:-\\d+)?\\.xml}', async (c, next) => {
    const site = siteOf(c);
    const number = /-(\d+)/.exec(c.req.param('file')!)?.[1];
    const pages = await countSitemaps(platform);
    if (number === undefined && pages > 1) {
      const entries = Array.from({ length: pages }, (_, n) => ({
        address: `${site}/sitemap-${n + 1}.xml`,
        changed: null,
      }));
      return document(c, writeSitemapIndex(entries), 'application/xml');
    }
    const wanted = Number(number ?? 1);
    if (wanted < 1 || wanted > pages) {
      await next();
      return undefined;
    }
    return document(c, writeSitemap(await readSitemap(platform, site, wanted)), 'application/xml');
  });
  return app;
}

/**
 * Another text after each change of any dataset. The number of a transaction alone would not do: one that began earlier may be
 * committed later; the sum of them all only grows.
 */
async function stateOfCatalogue(platform: Platform): Promise<string> {
  const { rows } = await platform.db.execute<{ state: string }>(
    sql`select count(*) || ' ' || coalesce(sum(changed::text::numeric), 0) as state from od_search`,
  );
  return rows[0]!.state;
}

const listed = sql`from od_dataset where not private and state = 'published'`;

async function countSitemaps(platform: Platform): Promise<number> {
  const { rows } = await platform.db.execute<{ n: number }>(sql`select count(*)::int as n ${listed}`);
  // The portal itself is one more address.
  return Math.ceil((rows[0]!.n + 1) / sitemapSize);
}

async function readSitemap(platform: Platform, site: string, page: number): Promise<SitemapEntry[]> {
  const own = page === 1 ? [{ address: site, changed: null }] : [];
  const { rows } = await platform.db.execute<{ name: string; changed: string }>(sql`
    select name, to_char(modified_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as changed ${listed}
    order by id limit ${sitemapSize - own.length} offset ${page === 1 ? 0 : (page - 1) * sitemapSize - 1}`);
  return [...own, ...rows.map(({ name, changed }) => ({ address: `${site}/dataset/${name}`, changed }))];
}
