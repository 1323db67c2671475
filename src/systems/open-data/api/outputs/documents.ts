import { type Context, Hono, type Next } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { type Actor, anonymous } from '#platform/work.ts';
import type { CatalogueDataset } from '../../dcat/catalogue-dataset.ts';
import { negotiate } from '../../dcat/negotiation.ts';
import { readPageNumber } from '../../dcat/page-number.ts';
import { catalogueGraph, datasetGraph, isHighValueOnly, readProfiles } from '../../dcat/profiles.ts';
import {
  changedSince,
  findPublic,
  ofHighValue,
  readCatalogueDataset,
  readPortal,
  readSpan,
} from '../../dcat/reading.ts';
import { type Syntax, syntaxOf } from '../../dcat/syntaxes.ts';
import { readPublicVersions } from '../../dcat/versions.ts';
import { Absent } from '../../faults.ts';
import { base, callerReader } from '../ckan/transport.ts';
import { document, failure } from './answers.ts';
import { mount } from './mounting.ts';

/** Datasets of one page of the catalogue. */
const pageSize = 100;
/** The newest versions that a dataset's document names; its feed has all of them. */
const shownVersions = 100;

/** Where the portal is and who asks: all that a document depends on, beside what is asked for. */
export interface Asking {
  readonly platform: Platform;
  readonly actor: Actor;
  /** Public address of the host without a slash at its end. */
  readonly origin: string;
}

/** What may be asked of the catalogue, as the address says it. */
export interface CatalogueQuery {
  readonly page?: string | undefined;
  readonly modified_since?: string | undefined;
  readonly q?: string | undefined;
  readonly fq?: string | undefined;
  readonly profiles?: string | undefined;
}

/**
 * The document of one dataset in a syntax.
 *
 * @param profiles a list as in an address; empty: the usual one.
 * @throws Absent, Denied; Refusal 410 for a withdrawn dataset, 409 for a profile that is none.
 */
export async function datasetDocument(
  { platform, actor, origin }: Asking,
  idOrName: string,
  syntax: Syntax,
  profiles?: string,
): Promise<{ body: string; dataset: CatalogueDataset }> {
  const wanted = readProfiles(profiles);
  const site = origin + base;
  const [portal, dataset] = await Promise.all([
    readPortal(platform.db, origin, site),
    readCatalogueDataset(platform.db, actor, site, idOrName),
  ]);
  const { versions } = await readPublicVersions(platform.db, dataset.id, { rows: shownVersions, start: 0 });
  return { body: syntax.write(datasetGraph(portal, dataset, versions, wanted)), dataset };
}

/**
 * The document of one page of the catalogue in a syntax, datasets in the order of their ids.
 *
 * @throws Refusal 409 for a page, time, profile or query that is none.
 */
export async function catalogueDocument(
  { platform, origin }: Pick<Asking, 'platform' | 'origin'>,
  syntax: Syntax,
  query: CatalogueQuery,
): Promise<string> {
  const site = origin + base;
  const profiles = readProfiles(query.profiles);
  const number = readPageNumber(query.page);
  const fq = [
    ...(query.fq ? [query.fq] : []),
    ...(query.modified_since ? [changedSince(query.modified_since)] : []),
    ...(isHighValueOnly(profiles) ? [ofHighValue] : []),
  ];
  const [portal, span, { total, datasets }] = await Promise.all([
    readPortal(platform.db, origin, site),
    readSpan(platform.db),
    findPublic(platform, site, {
      q: query.q ?? '',
      fq,
      sort: 'id asc',
      rows: pageSize,
      start: (number - 1) * pageSize,
    }),
  ]);
  const address = (page: number) => {
    const given = Object.entries({ ...query, page: undefined }).filter(([, value]) => value);
    const parameters = new URLSearchParams([['page', String(page)], ...(given as [string, string][])]);
    return `${site}/catalog.${syntax.ending}?${parameters}`;
  };
  const page = { datasets, total, size: pageSize, number, address, ...span };
  return syntax.write(catalogueGraph(portal, page, profiles));
}

/**
 * The catalogue as linked data: documents by their endings, and by what the reader accepts at the address of a dataset, of a
 * resource and of the portal. People are handed on to the pages of the same addresses.
 */
export function documents(platform: Platform): Hono<MistoEnv> {
  const app = new Hono<MistoEnv>();
  const readCaller = callerReader(platform);
  const askingOf = async (c: Context<MistoEnv>): Promise<Asking> => ({
    platform,
    actor: (await readCaller(c.req.raw.headers)).actor,
    origin: c.var.visit.origin,
  });

  const dataset = async (c: Context<MistoEnv>, idOrName: string, syntax: Syntax) => {
    try {
      const asking = await askingOf(c);
      const found = await datasetDocument(asking, idOrName, syntax, c.req.query('profiles'));
      const resource = c.req.param('resource')?.replace(/@v\d+$/, '');
      if (resource && !found.dataset.resources.some(({ id }) => id === resource)) throw new Absent();
      return document(c, found.body, syntax.mediaType, new Date(`${found.dataset.modified}Z`));
    } catch (error) {
      return failure(error);
    }
  };

  const catalogue = async (c: Context<MistoEnv>, syntax: Syntax) => {
    try {
      const { page, modified_since, q, fq, profiles } = c.req.query();
      const asking = { platform, actor: anonymous, origin: c.var.visit.origin };
      const body = await catalogueDocument(asking, syntax, { page, modified_since, q, fq, profiles });
      return document(c, body, syntax.mediaType);
    } catch (error) {
      return failure(error);
    }
  };

  /** The same address for people and programs: what is answered depends on what is accepted. */
  const negotiated =
    (answer: (c: Context<MistoEnv>, syntax: Syntax) => Promise<Response>) =>
    async (c: Context<MistoEnv>, next: Next) => {
      const wanted = negotiate(c.req.header('accept'));
      if (wanted !== 'page') return answer(c, wanted);
      await next();
      c.res.headers.append('vary', 'Accept');
      return undefined;
    };
  const ofDataset = negotiated((c, syntax) => dataset(c, c.req.param('dataset')!, syntax));

  mount(app, platform, '/:file{catalog\\.(?:rdf|xml|ttl|n3|jsonld)}', (c) =>
    catalogue(c, syntaxOf(endingOf(c.req.param('file')!))!),
  );
  mount(app, platform, '/dataset/:file{[^/]+\\.(?:rdf|xml|ttl|n3|jsonld)}', (c) => {
    const file = c.req.param('file')!;
    return dataset(c, file.slice(0, file.lastIndexOf('.')), syntaxOf(endingOf(file))!);
  });
  mount(app, platform, '/dataset/:dataset', ofDataset);
  mount(app, platform, '/dataset/:dataset/resource/:resource', ofDataset);
  for (const path of [base, `${base}/`]) app.get(path, negotiated(catalogue));
  return app;
}

const endingOf = (file: string) => file.slice(file.lastIndexOf('.') + 1);
