import { Hono } from 'hono';
import type { VNode } from 'preact';
import { NotFound, Refusal } from '#platform/errors.ts';
import { contentSecurityPolicy } from '#platform/http/security.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { anonymous } from '#platform/work.ts';
import { Empty, Pagination, renderEmbed } from '#ui/index.ts';
import { findDataset } from '../datasets.ts';
import { searchTable } from '../datastore/search.ts';
import { type StoredTable, tablesNamed } from '../datastore/tables.ts';
import { Absent, Faulty } from '../faults.ts';
import { isUuid } from '../names.ts';
import { isPublic } from '../rights.ts';
import { readSettings } from '../settings.ts';
import { type Asked, askedOf, askedQuery, filtersOf, sortWish, type View } from './asked.ts';
import { ChartView, drawn } from './chart.tsx';
import { titleOf } from './dataset.tsx';
import { RowsTable } from './grid.tsx';
import { datasetOf, type Here, here, type ServedDataset, type ServedResource } from './kit.tsx';
import { PlacesView, placesOf } from './places.tsx';
import { keptOf } from './reads.ts';
import { RefusedNotice, refusalOf } from './refusal.tsx';
import { viewText } from './view-text.ts';

/** Rows on a page of an embedded table. */
const perPage = 10;

/**
 * `/open-data/embed/{resource}?view=grid|chart|map` with the parameters of the page of the resource: what it shows, for a frame on
 * somebody's site. It stands before sessions: no cookie is read or set, and everybody sees what the public may see.
 */
export function embeds(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  app.get('/open-data/embed/:resource', async (c) => {
    const at = here(c);
    const { values } = await readSettings(platform.db);
    const policy = contentSecurityPolicy(platform.config)(null).replace(
      "frame-ancestors 'none'",
      `frame-ancestors ${values['misto.embed_ancestors']}`,
    );
    const headers = { 'content-security-policy': policy, 'cache-control': 'public, max-age=60' };
    const theme = c.req.query('theme');
    const look = theme === 'light' || theme === 'dark' ? theme : 'system';
    try {
      const found = await publicTable(platform, at, c.req.param('resource'));
      const asked = askedOf(c);
      const body = await bodyOf(platform, at, found, asked);
      const { resource, dataset } = found;
      const words = viewText(at.language);
      return c.html(
        renderEmbed(
          {
            language: at.language,
            theme: look,
            title: titleOf(resource),
            href: `${new URL(at.site).origin}${at.href(`/dataset/${dataset.name}/resource/${resource.id}`, askedQuery(asked))}`,
            open: words.openInPortal,
            note: [
              `${words.source}: ${dataset.organization?.title ?? at.text.portal}, «${dataset.title}»`,
              dataset.license_title,
              platform.config.mode === 'demo' ? words.demoData : null,
            ]
              .filter(Boolean)
              .join(' · '),
          },
          body,
        ),
        200,
        headers,
      );
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 404) throw error;
      const words = viewText(at.language);
      const portal = `${new URL(at.site).origin}${at.href('')}`;
      return c.html(
        renderEmbed(
          {
            language: at.language,
            theme: look,
            title: at.text.portal,
            href: portal,
            open: words.openInPortal,
            note: '',
          },
          <Empty title={words.notThere} icon="data" />,
        ),
        404,
        headers,
      );
    }
  });
  return app;
}

interface PublicTable {
  readonly table: StoredTable;
  readonly dataset: ServedDataset;
  readonly resource: ServedResource;
}

/** @throws NotFound for what the public may not read. */
async function publicTable(platform: Platform, at: Here, id: string): Promise<PublicTable> {
  const table = isUuid(id) ? (await tablesNamed(platform.db, [id])).get(id) : undefined;
  if (!table) throw new NotFound('resource');
  const row = await findDataset(platform.db, table.dataset).catch((error: unknown) => {
    if (error instanceof Absent) throw new NotFound('resource');
    throw error;
  });
  const [kept] = isPublic(row) ? await keptOf(platform.db, [row.id]) : [];
  const dataset = kept && datasetOf(kept, at);
  const resource = dataset && dataset.resources.find((one) => one.id === table.resource);
  if (!dataset || !resource) throw new NotFound('resource');
  return { table, dataset, resource };
}

async function bodyOf(platform: Platform, at: Here, { table, resource }: PublicTable, asked: Asked) {
  const path = `/embed/${resource.id}`;
  const views: Readonly<Record<View, () => Promise<VNode>>> = {
    grid: () => grid(platform, at, table, resource, asked, path),
    chart: async () => (
      <ChartView
        at={at}
        path={path}
        table={table}
        asked={asked}
        drawn={await drawn(platform, anonymous, at, table, asked)}
        plain
      />
    ),
    map: async () => {
      const places = await placesOf(platform, anonymous, at, table, asked);
      const tiles = platform.systems.find((one) => one.mapTiles)?.mapTiles;
      return places ? (
        <PlacesView at={at} path={path} asked={asked} places={places} tiles={tiles} rowPath={path} />
      ) : (
        <Empty title={viewText(at.language).badView} icon="map" />
      );
    },
  };
  return views[asked.view]();
}

async function grid(
  platform: Platform,
  at: Here,
  table: StoredTable,
  resource: ServedResource,
  asked: Asked,
  path: string,
) {
  try {
    const answer = await searchTable(platform.db, table, {
      filters: filtersOf(asked),
      ...(asked.q ? { q: asked.q } : {}),
      fields: ['_id', ...table.fields.map((field) => field.id)],
      ...(asked.sort ? { sort: [sortWish(asked.sort)] } : {}),
      limit: perPage,
      offset: (asked.page - 1) * perPage,
      format: 'lists',
    });
    const total = answer.total ?? 0;
    const first = (asked.page - 1) * perPage + 1;
    return (
      <>
        <RowsTable
          at={at}
          caption={titleOf(resource)}
          fields={table.fields}
          records={JSON.parse(answer.records) as unknown[][]}
          sort={asked.sort}
          sortHref={(sort) => at.href(path, askedQuery(asked, { sort }))}
          empty={<Empty title={at.text.noRows} icon="search" />}
        />
        <Pagination
          page={asked.page}
          pages={Math.ceil(total / perPage)}
          href={(page) => at.href(path, askedQuery(asked, { page }))}
          summary={
            total > 0
              ? at.text.shown(
                  at.number(first),
                  at.number(Math.min(first + perPage - 1, total)),
                  at.number(total),
                )
              : ''
          }
        />
      </>
    );
  } catch (error) {
    if (error instanceof Faulty) return <RefusedNotice at={at} refused={refusalOf(at.language, error)} />;
    throw error;
  }
}
