import { type Context, Hono, type Next } from 'hono';
import { localPath } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { type Asking, catalogueDocument, datasetDocument } from '../../dcat/documents.ts';
import { negotiate } from '../../dcat/negotiation.ts';
import { type Syntax, syntaxOf } from '../../dcat/syntaxes.ts';
import { Absent } from '../../faults.ts';
import { base, callerReader, siteOf } from '../ckan/transport.ts';
import { document, failure } from './answers.ts';
import { mount } from './mounting.ts';

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
    site: siteOf(c),
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
      const asked = { page, modified_since, q, fq, profiles };
      const body = await catalogueDocument({ platform, site: siteOf(c) }, syntax, asked);
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
      const { path, language } = c.var.visit;
      // Pages have one address; at the root of the host only programs are answered.
      if (!path.startsWith(base))
        return new Response(null, {
          status: 302,
          headers: { location: localPath(language, base + path), vary: 'Accept' },
        });
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
