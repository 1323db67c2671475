import { type Context, Hono, type Next } from 'hono';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { readSettings } from '../../settings.ts';
import type { Action, Actions } from './action.ts';
import { activityActions } from './actions/activities.ts';
import { datasetActions } from './actions/datasets.ts';
import { datastoreActions } from './actions/datastore.ts';
import { dcatActions } from './actions/dcat.ts';
import { followActions } from './actions/follows.ts';
import { jobActions } from './actions/jobs.ts';
import { memberActions } from './actions/members.ts';
import { resourceActions } from './actions/resources.ts';
import { searchActions } from './actions/search.ts';
import { siteActionsOf } from './actions/site.ts';
import { smallActions } from './actions/small-stores.ts';
import { tagActions } from './actions/tags.ts';
import { unitActions } from './actions/units.ts';
import { userActions } from './actions/users.ts';
import { viewActions } from './actions/views.ts';
import { downloads } from './download.ts';
import { dumps } from './dump.ts';
import { failureOf } from './errors.ts';
import { answer, base, createTransport, openToAll } from './transport.ts';

const areas: readonly Actions[] = [
  siteActionsOf((name) => actions.get(name)),
  datasetActions,
  dcatActions,
  resourceActions,
  datastoreActions,
  searchActions,
  unitActions,
  memberActions,
  tagActions,
  userActions,
  activityActions,
  followActions,
  viewActions,
  smallActions,
  jobActions,
];

/** Every action by its name. */
export const actions: ReadonlyMap<string, Action> = new Map(areas.flatMap((area) => Object.entries(area)));

const jsonType = 'application/json;charset=utf-8';

/**
 * CKAN's API under the portal's address and, where the setting says so, at the root of the host: clients are often given a bare
 * host. Sessions, form tokens and error pages are nothing to these clients.
 */
export function ckanApi(platform: Platform): Hono<MistoEnv> {
  const transport = createTransport(platform, actions);
  const app = new Hono<MistoEnv>();

  const handle = async (c: Context<MistoEnv>, next: Next) => {
    const below = c.req.path.startsWith(`${base}/`);
    const path = below ? c.req.path.slice(base.length) : c.req.path;
    const meant = meaningOf(path);
    // The city has other interfaces below /api, and people read of them there.
    if (!below && (!meant || (meant.kind === 'version' && /text\/html/.test(c.req.header('accept') ?? ''))))
      return next();
    if (!below && !(await readSettings(platform.db)).atHostRoot) return next();
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 200, headers: { ...openToAll } });
    if (!meant) return answer(404, JSON.stringify('Not found'), { 'content-type': jsonType });
    if (meant.kind === 'version') return json({ version: meant.version });
    if (!['GET', 'HEAD', 'POST'].includes(c.req.method))
      return answer(405, JSON.stringify('Method not allowed'), { 'content-type': jsonType });
    if (meant.kind === 'action') return transport.act(c, meant.name);
    return util(c, meant.path);
  };
  app.all('/api', handle);
  app.all('/api/*', handle);
  app.all(`${base}/api`, handle);
  app.all(`${base}/api/*`, handle);
  app.route('/', downloads(platform));
  app.route('/', dumps(platform));
  return app;

  /** Small answers for the fields of forms, without the envelope. */
  async function util(c: Context<MistoEnv>, path: string): Promise<Response> {
    const { incomplete, q, limit } = c.req.query();
    const given = { q: incomplete ?? q ?? '', ...(limit ? { limit } : {}) };
    const wrapped = (items: unknown[]) => json({ ResultSet: { Result: items } });
    try {
      switch (path) {
        case 'status':
          return json(await transport.ask(c, 'status_show', {}));
        case 'dataset/autocomplete':
          return wrapped((await transport.ask(c, 'package_autocomplete', given)) as unknown[]);
        case 'tag/autocomplete':
          return wrapped(
            ((await transport.ask(c, 'tag_autocomplete', given)) as string[]).map((name) => ({ Name: name })),
          );
        case 'resource/format_autocomplete':
          return wrapped(
            ((await transport.ask(c, 'format_autocomplete', given)) as string[]).map((name) => ({
              Format: name,
            })),
          );
        case 'user/autocomplete':
        case 'group/autocomplete':
        case 'organization/autocomplete':
          return json(await transport.ask(c, path.replace('/', '_'), given));
        default:
          return answer(404, JSON.stringify('Not found'), { 'content-type': jsonType });
      }
    } catch (error) {
      const failure = failureOf(error, c.var.visit.requestId);
      return answer(failure.status, JSON.stringify(failure.error), {
        'content-type': jsonType,
        ...(failure.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }),
      });
    }
  }
}

function json(value: unknown): Response {
  return answer(200, JSON.stringify(value), { 'content-type': jsonType });
}

type Meaning =
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'action'; readonly name: string }
  | { readonly kind: 'util'; readonly path: string };

/** What a path below the portal's address means; null: it is none of this API. */
function meaningOf(path: string): Meaning | null {
  const version = /^\/api(?:\/([123]))?\/?$/.exec(path);
  if (version) return { kind: 'version', version: Number(version[1] ?? 1) };
  const action = /^\/api(?:\/3)?\/action\/([^/]+)\/?$/.exec(path);
  if (action) return { kind: 'action', name: decoded(action[1]!) };
  const util = /^\/api(?:\/[123])?\/util\/(.+?)\/?$/.exec(path);
  return util ? { kind: 'util', path: util[1]! } : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
