import { type Context, Hono } from 'hono';
import { apiCost, spend } from '#platform/http/api-limits.ts';
import { placeOf, standardLog } from '#platform/http/log.ts';
import { problemOf } from '#platform/http/problems.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import type { CitySettings } from '../city-data.ts';
import type { Acts } from './acts.ts';
import { bulk } from './bulk.ts';
import type { Answer, Call, Handler } from './call.ts';
import { createRequest } from './create.ts';
import { discovery, productionPath, testPath } from './discovery.ts';
import { ApiError, absent, errorDocument, toApiError, wrong } from './errors.ts';
import {
  chooseFormat,
  contentType,
  type Format,
  formatOf,
  mediaType,
  splitSuffix,
  tidyPath,
  write,
} from './format.ts';
import { type Parameters, readParameters } from './parameters.ts';
import { pushUpdate } from './push.ts';
import { listRequests, oneRequest } from './requests.ts';
import { sandboxActs } from './sandbox.ts';
import { defineService, listServices } from './services.ts';
import { readToken } from './tokens.ts';
import { listUpdates } from './updates.ts';

export interface Open311Parts {
  city(): Promise<CitySettings>;
  /** What posts do in the city; the sandbox has its own. */
  readonly acts: Acts;
}

interface Route {
  /** Below the base; one group is the id. */
  readonly path: RegExp;
  readonly get?: Handler;
  readonly post?: Handler;
}

const id = '([A-Za-z0-9_-]+)';

/** Every call of the standard, once for the city and once for the sandbox. */
function routesOf(acts: Acts): readonly Route[] {
  return [
    { path: /^\/discovery$/, get: discovery },
    { path: /^\/services$/, get: listServices },
    { path: new RegExp(`^/services/${id}$`), get: defineService },
    { path: /^\/requests$/, get: listRequests, post: createRequest(acts) },
    { path: new RegExp(`^/requests/${id}$`), get: oneRequest },
    { path: new RegExp(`^/tokens/${id}$`), get: readToken },
    { path: /^\/servicerequestupdates$/, get: listUpdates, post: pushUpdate(acts) },
  ];
}

/** Open311 GeoReport v2 under `/open311`, for clients of any age: https://wiki.open311.org/GeoReport_v2/ */
export function open311(platform: Platform, parts: Open311Parts): Hono<MistoEnv> {
  const routes = { city: routesOf(parts.acts), sandbox: routesOf(sandboxActs) };
  const app = new Hono<MistoEnv>();
  // As it was last read, for the words of an outage.
  let phone: string | null = null;
  const handle = async (c: Context<MistoEnv>) => {
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: openToAll });
    const path = tidyPath(c.req.path);
    const { name, suffix } = splitSuffix(path);
    const chosen = chooseFormat(suffix, c.req.header('accept'));
    const format = chosen ?? formatOf(c.req.header('accept'));
    try {
      return await answer(c, path, name, suffix, chosen, format);
    } catch (error) {
      const known = toApiError(error) ?? unexpected(c, error, phone);
      const headers: Record<string, string> = known.retryAfter
        ? { 'retry-after': String(known.retryAfter) }
        : {};
      return reply(format, { document: errorDocument(known.faults), headers }, known.status);
    }
  };

  async function answer(
    c: Context<MistoEnv>,
    path: string,
    name: string,
    suffix: string | null,
    chosen: Format | null,
    format: Format,
  ): Promise<Response> {
    const inBulk = /^\/open311\/bulk\/(requests|requests-extended)$/.exec(name);
    if (!chosen && !(inBulk && suffix === 'csv')) throw absent('path', `there is no format ".${suffix}"`);
    const sandbox = name.startsWith(`${testPath}/`);
    const base = sandbox ? testPath : productionPath;
    const below =
      name === '/open311/discovery'
        ? '/discovery'
        : name.startsWith(`${base}/`)
          ? name.slice(base.length)
          : null;
    const route =
      below === null ? undefined : routes[sandbox ? 'sandbox' : 'city'].find((one) => one.path.test(below));
    if (!route && !inBulk) throw absent('path', `there is nothing at ${path.slice(0, 100)}`);
    const reading = c.req.method === 'GET' || c.req.method === 'HEAD';
    // Posts have a limit of their own, by key.
    if (reading) await spend(platform, c, inBulk ? apiCost.file : apiCost.page);
    const parameters = await readParameters(c.req.raw);
    const city = await parts.city();
    phone = city.phone;
    checkJurisdiction(parameters, city);
    const call: Call = {
      platform,
      city,
      sandbox,
      format,
      language: c.var.visit?.language ?? 'uk',
      parameters,
      id: (below && route?.path.exec(below)?.[1]) || '',
      origin: c.var.visit?.origin ?? new URL(c.req.url).origin,
      path,
      query: new URL(c.req.url).searchParams,
      requestId: c.var.visit?.requestId ?? crypto.randomUUID(),
    };
    if (inBulk) {
      if (!reading) throw wrong('method', `${c.req.method} is not possible here; use GET`);
      const file = await bulk(call, suffix === 'csv' ? 'csv' : format, inBulk[1] === 'requests-extended');
      for (const [header, value] of Object.entries(openToAll)) file.headers.set(header, value);
      return file;
    }
    const handler = reading ? route!.get : c.req.method === 'POST' ? route!.post : undefined;
    if (!handler) {
      const possible = route!.post ? 'GET or POST' : 'GET';
      throw wrong('method', `${c.req.method} is not possible here; use ${possible}`);
    }
    const result = await handler(call);
    return result instanceof Response ? result : reply(format, result, 200, parameters);
  }

  app.all('/open311/*', handle);
  app.all('//open311/*', handle);
  return app;
}

const openToAll = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Accept',
  'access-control-expose-headers': 'Link, Retry-After',
  'access-control-max-age': '86400',
} as const;

function reply(format: Format, result: Answer, status: number, parameters?: Parameters): Response {
  return new Response(write(format, result.document), {
    status,
    headers: {
      ...openToAll,
      'content-type': result.bareType ? mediaType[format] : contentType(format),
      // What a key may see, and what was just written, is for this client alone.
      'cache-control': status === 200 && !parameters?.one('api_key') ? 'no-cache' : 'private, no-store',
      vary: 'Accept',
      ...result.headers,
    },
  });
}

function checkJurisdiction(parameters: Parameters, city: CitySettings): void {
  const asked = parameters.one('jurisdiction_id');
  if (asked !== null && asked !== city.jurisdiction)
    throw absent(
      'jurisdiction_id',
      `"${asked.slice(0, 60)}" is not served here; leave it out or send "${city.jurisdiction}"`,
    );
}

/** A fault of ours. A lost connection may have been lost after the report was stored: only the client's own id tells. */
function unexpected(c: Context<MistoEnv>, error: unknown, phone: string | null): ApiError {
  const requestId = c.var.visit?.requestId;
  const { status, code, retryAfter } = problemOf(error);
  const away = status === 503;
  if (status === 400) return wrong('request', 'holds a character that no text has');
  standardLog({
    level: away ? 'warn' : 'error',
    event: 'open311',
    method: c.req.method,
    status: away ? 503 : 500,
    code,
    at: placeOf(error),
    ...(requestId ? { requestId } : {}),
  });
  const call = requestId ? ` (${requestId})` : '';
  const again = 'send it again with the same client_request_id';
  return away
    ? new ApiError(
        [
          {
            code: 503,
            description: `server: not available for the moment${call}; ${again}${phone ? `, or call ${phone}` : ''}`,
          },
        ],
        retryAfter ?? 5,
      )
    : new ApiError([{ code: 500, description: `server: the call failed on our side${call}; ${again}` }]);
}
