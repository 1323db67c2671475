import { Hono } from 'hono';
import { NotFound, Refusal } from '#platform/errors.ts';
import { contentSecurityPolicy } from '#platform/http/security.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { anonymous } from '#platform/work.ts';
import { Empty, renderEmbed } from '#ui/index.ts';
import { findDataset } from '../datasets.ts';
import { type StoredTable, tablesNamed } from '../datastore/tables.ts';
import { Absent } from '../faults.ts';
import { isUuid } from '../names.ts';
import { isPublic } from '../rights.ts';
import { readSettings } from '../settings.ts';
import { askedOf, askedQuery } from './asked.ts';
import { titleOf } from './dataset.tsx';
import { datasetOf, type Here, here, type ServedDataset, type ServedResource } from './kit.tsx';
import { keptOf } from './reads.ts';
import { tableView } from './view.tsx';
import { viewText } from './view-text.ts';

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
      const { table, resource, dataset } = found;
      const path = `/embed/${resource.id}`;
      const body = await tableView({
        platform,
        actor: anonymous,
        at,
        path,
        resource,
        table,
        asked,
        isEmbed: true,
      });
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
