import { sql } from 'drizzle-orm';
import { type Context, Hono } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { anonymous } from '#platform/work.ts';
import type { CatalogueDataset } from '../../dcat/catalogue-dataset.ts';
import {
  type Feed,
  type FeedEntry,
  type FeedType,
  feedTypes,
  updatedOf,
  writeFeed,
} from '../../dcat/feeds.ts';
import { readPageNumber } from '../../dcat/page-number.ts';
import { addressesOf, type Portal } from '../../dcat/portal.ts';
import { findPublic, readCatalogueDataset, readPortal } from '../../dcat/reading.ts';
import { readPublicVersions } from '../../dcat/versions.ts';
import { Absent } from '../../faults.ts';
import { findUnit } from '../../units.ts';
import { base, siteOf } from '../ckan/transport.ts';
import { document, failure } from './answers.ts';
import { mount } from './mounting.ts';

const pageSize = 20;

/** What a feed is about: its words and its filters. */
interface Subject {
  readonly title: string;
  readonly q: string;
  readonly fq: readonly string[];
  /** Of the page that shows the same, below the portal. */
  readonly page: string;
}

/** News of the catalogue in Atom and RSS: all of it, of an organisation, a theme, a keyword, a search, and the versions of a dataset. */
export function feeds(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();

  const answering =
    (read: (c: Context<MistoEnv>, type: FeedType, name: string) => Promise<Feed>) =>
    async (c: Context<MistoEnv>) => {
      try {
        const file = c.req.param('file')!;
        const at = file.lastIndexOf('.');
        const type = file.slice(at + 1) as FeedType;
        const feed = await read(c, type, file.slice(0, at));
        return document(c, writeFeed(type, feed), feedTypes[type], updatedOf(feed));
      } catch (error) {
        return failure(error);
      }
    };

  const ofDatasets = (subject: (c: Context<MistoEnv>, name: string) => Promise<Subject>) =>
    answering(async (c, _type, name) => {
      const site = siteOf(c);
      const [about, portal] = await Promise.all([subject(c, name), readPortal(platform.db, site)]);
      const number = readPageNumber(c.req.query('page'));
      const { total, datasets } = await findPublic(platform, site, {
        q: about.q,
        fq: about.fq,
        sort: 'metadata_modified desc',
        ...windowOf(number),
      });
      return {
        self: addressOf(c, number),
        title: about.title,
        author: portal.publisher.uk,
        page: site + about.page,
        entries: datasets.map((dataset) => entryOf(portal, dataset)),
        pages: pagesOf(c, number, total),
      };
    });

  const file = ':file{[^/]+\\.(?:atom|rss)}';
  mount(
    app,
    platform,
    `/feeds/:file{dataset\\.(?:atom|rss)}`,
    ofDatasets(async () => ({ title: 'Нові та змінені набори даних', q: '', fq: [], page: '/dataset/' })),
  );
  mount(
    app,
    platform,
    `/feeds/:file{custom\\.(?:atom|rss)}`,
    ofDatasets(async (c) => {
      const { q = '', fq } = c.req.query();
      const parameters = new URLSearchParams({ q, ...(fq ? { fq } : {}) });
      return {
        title: `Набори даних за запитом «${q || fq || ''}»`,
        q,
        fq: fq ? [fq] : [],
        page: `/dataset/?${parameters}`,
      };
    }),
  );
  for (const kind of ['organization', 'group'] as const)
    mount(
      app,
      platform,
      `/feeds/${kind}/${file}`,
      ofDatasets(async (_c, name) => {
        const unit = await findUnit(platform.db, anonymous, kind, name);
        return {
          title: `Набори даних: ${unit.title || unit.name}`,
          q: '',
          fq: [`${kind === 'group' ? 'groups' : 'organization'}:"${unit.name}"`],
          page: `/${kind}/${unit.name}`,
        };
      }),
    );
  mount(
    app,
    platform,
    `/feeds/tag/${file}`,
    ofDatasets(async (_c, given) => {
      const { rows } = await platform.db.execute<{ name: string }>(
        sql`select name from od_tag where (name = ${given} or id::text = ${given}) and vocabulary is null`,
      );
      if (!rows[0]) throw new Absent();
      const { name } = rows[0];
      return {
        title: `Набори даних із ключовим словом «${name}»`,
        q: '',
        fq: [`tags:"${name}"`],
        page: `/dataset/?tags=${encodeURIComponent(name)}`,
      };
    }),
  );
  mount(
    app,
    platform,
    `/feeds/dataset/${file}`,
    answering(async (c, _type, name) => {
      const site = siteOf(c);
      const [portal, dataset] = await Promise.all([
        readPortal(platform.db, site),
        readCatalogueDataset(platform.db, anonymous, site, name),
      ]);
      const number = readPageNumber(c.req.query('page'));
      const { total, versions } = await readPublicVersions(platform.db, dataset.id, windowOf(number));
      const at = addressesOf(portal);
      return {
        self: addressOf(c, number),
        title: `Версії: ${dataset.title.uk}`,
        author: dataset.publisher?.title || portal.publisher.uk,
        page: at.page(dataset),
        entries: versions.map((version) => ({
          id: at.version(dataset.id, version.resource, version.n),
          page: at.version(dataset.id, version.resource, version.n),
          title: `${version.name || dataset.title.uk}, версія ${version.n}`,
          summary: version.note || `Рядків: ${version.rows}`,
          author: null,
          tags: [],
          published: version.at,
          updated: version.at,
        })),
        pages: pagesOf(c, number, total),
      };
    }),
  );
  return app;
}

function entryOf(portal: Portal, dataset: CatalogueDataset): FeedEntry {
  const at = addressesOf(portal);
  return {
    id: at.dataset(dataset.id),
    page: at.page(dataset),
    title: dataset.title.uk,
    summary: dataset.description?.uk ?? '',
    author: dataset.publisher?.title || null,
    tags: dataset.keywords,
    published: dataset.created,
    updated: dataset.modified,
  };
}

const windowOf = (page: number) => ({ rows: pageSize, start: (page - 1) * pageSize });

function pagesOf(c: Context<MistoEnv>, number: number, total: number): Feed['pages'] {
  const last = Math.max(1, Math.ceil(total / pageSize));
  return {
    first: addressOf(c, 1),
    last: addressOf(c, last),
    ...(number < last ? { next: addressOf(c, number + 1) } : {}),
    ...(number > 1 ? { previous: addressOf(c, Math.min(number - 1, last)) } : {}),
  };
}

/** The same feed at another page, with everything else that was asked for. */
function addressOf(c: Context<MistoEnv>, page: number): string {
  const { origin } = c.var.visit;
  const asked = new URL(c.req.url);
  const path = asked.pathname.startsWith(`${base}/`) ? asked.pathname : base + asked.pathname;
  const parameters = new URLSearchParams(asked.search);
  parameters.delete('page');
  if (page > 1) parameters.set('page', String(page));
  return `${origin}${path}${parameters.size > 0 ? `?${parameters}` : ''}`;
}
