import type { Context } from 'hono';
import { apiCost, spend } from '#platform/http/api-limits.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { anonymous } from '#platform/work.ts';
import { Denied } from '../../faults.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import { isOfficer } from '../../permissions.ts';
import { Upload } from '../../resource-input.ts';
import { type Caller, tokenReader } from '../../tokens.ts';
import { type Action, type Call, Json } from './action.ts';
import { fromBody, fromQuery } from './body.ts';
import { BadRequest, failureOf, isBusy } from './errors.ts';

/** Below an origin: where the portal's pages and answers live. */
export const base = '/open-data';

/** Every answer may be read by scripts of any site; there are no cookies that could speak for somebody. */
export const openToAll: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, PUT, GET, DELETE, OPTIONS',
  'access-control-allow-headers': 'Authorization, Content-Type, X-CKAN-API-Key',
};

const jsonType = 'application/json;charset=utf-8';
const tries = 4;

const nobody: Caller = { actor: anonymous, scopes: [] };

/** Finds out who calls: a token in either header, raw or as bearer; a bad one is nobody's. */
export function callerReader(platform: Platform): (headers: Headers) => Promise<Caller> {
  const readToken = tokenReader(platform);
  return async (headers) => {
    for (const header of ['authorization', 'x-ckan-api-key']) {
      const token = headers
        .get(header)
        ?.trim()
        .replace(/^Bearer\s+/i, '');
      const caller = token && token.length <= 500 ? await readToken(token) : null;
      if (caller) return caller;
    }
    return nobody;
  };
}

/** The public address of the portal in a visit. */
export function siteOf(c: Context<MistoEnv>): string {
  return c.var.visit.origin + base;
}

/** Answers calls of actions as CKAN's Action API v3 does: https://docs.ckan.org/en/2.11/api/ */
export function createTransport(platform: Platform, actions: ReadonlyMap<string, Action>) {
  const readCaller = callerReader(platform);

  /** One action by its name, GET or POST. */
  async function act(c: Context<MistoEnv>, name: string): Promise<Response> {
    const query = new URL(c.req.url).searchParams;
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    const callback = reads ? query.get('callback') : null;
    const help = `${siteOf(c)}/api/3/action/help_show?name=${encodeURIComponent(name)}`;
    try {
      if (callback !== null && !/^[\w.$]{1,200}$/.test(callback))
        throw new BadRequest('the callback is no name');
      const action = actions.get(name);
      if (!action) throw new BadRequest(`Action name not known: ${name}`);
      if (reads && !action.reads)
        throw new BadRequest('JSON Error: Invalid request. Please use POST method for your request');
      // A script tag brings no proof of who includes it.
      const caller = callback === null ? await readCaller(c.req.raw.headers) : nobody;
      const mayGoOn = mayCall(action, caller);
      const body = reads ? null : await fromBody(c.req.raw, platform, mayGoOn && !action.reads);
      const sent = body ?? (action.reads ? fromQuery(query) : {});
      if (callback !== null) delete sent.callback;
      if (!mayGoOn) throw new Denied(caller.actor.id === null ? undefined : 'not authorized');
      await spend(platform, c, name === 'datastore_search_sql' ? apiCost.query : apiCost.page);
      const result = await run(action, callOf(c, caller, sent));
      if (!action.reads) await loadAtOnce(platform, uploadsIn(sent));
      const text = `{"help":${JSON.stringify(help)},"success":true,"result":${result}}`;
      return callback === null
        ? answer(200, text, { 'content-type': jsonType })
        : answer(200, `${callback}(${text});`, { 'content-type': 'application/javascript;charset=utf-8' });
    } catch (error) {
      if (error instanceof BadRequest)
        return answer(error.status, JSON.stringify(error.message), { 'content-type': jsonType });
      const failure = failureOf(error, c.var.visit.requestId);
      return answer(failure.status, JSON.stringify({ help, success: false, error: failure.error }), {
        'content-type': jsonType,
        ...(failure.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) }),
      });
    }
  }

  /** What an action answers to these parameters, without the envelope; its refusals are thrown. */
  async function ask(
    c: Context<MistoEnv>,
    name: string,
    sent: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    await spend(platform, c, apiCost.page);
    const caller = await readCaller(c.req.raw.headers);
    return JSON.parse(await run(actions.get(name)!, callOf(c, caller, sent)));
  }

  function callOf(c: Context<MistoEnv>, caller: Caller, sent: Readonly<Record<string, unknown>>): Call {
    const { requestId } = c.var.visit;
    return {
      platform,
      db: platform.db,
      ...caller,
      site: siteOf(c),
      sent,
      work: (work) => platform.work(caller.actor, work, { requestId }),
    };
  }

  return { act, ask };
}

/** Runs an action; where others were in the way, once more. @returns JSON */
async function run(action: Action, call: Call): Promise<string> {
  for (let left = tries; ; left -= 1)
    try {
      const result = await action.run(call);
      return result instanceof Json ? result.text : JSON.stringify(result ?? null);
    } catch (error) {
      if (left <= 1 || !isBusy(error)) throw error;
    }
}

const uploadsIn = (sent: Readonly<Record<string, unknown>>): Upload[] =>
  Object.values(sent)
    .flat()
    .filter((value) => value instanceof Upload);

function mayCall(action: Action, { actor, scopes }: Caller): boolean {
  // A token for reading changes nothing, not even what its person follows.
  if (!action.reads && actor.id !== null && !scopes.some((scope) => scope !== 'read')) return false;
  if (action.access === 'everybody') return true;
  return action.access === 'officer' ? isOfficer(actor) : actor.id !== null;
}

export function answer(status: number, body: string, headers: Record<string, string>): Response {
  return new Response(body, {
    status,
    headers: { ...openToAll, 'cache-control': 'private, no-store', ...headers },
  });
}
