import type { Hono } from 'hono';
import { TestBrowser } from '../http/browser.ts';
import type { MistoEnv } from '../system.ts';

/**
 * `GET /path/:of/a/route` of every handler; middleware, which hands on to what stands behind it, is left out. What answers
 * every method under a path is asked by GET and POST.
 */
export function routesOf(app: Pick<Hono<MistoEnv>, 'routes'>): string[] {
  const handled = app.routes.filter(
    ({ method, path, handler }) => method !== 'ALL' || !path.endsWith('*') || handler.length < 2,
  );
  return [
    ...new Set(
      handled.flatMap(({ method, path }) =>
        (method === 'ALL' ? ['GET', 'POST'] : [method]).map((one) => `${one} ${tidy(path)}`),
      ),
    ),
  ].sort();
}

const tidy = (path: string): string => path.replace(/(.)\/$/, '$1');

/** Who was answered what: route by route, status by who asked. */
export type Matrix = ReadonlyMap<string, Readonly<Record<string, number>>>;

/**
 * Reads a table as people write it: the first line names who asks, each other line is a route and the statuses in that
 * order. A route that is one line here is one line to add when a page is added.
 *
 * @throws Error on a line that has too few or too many statuses.
 */
export function matrix(table: string): Matrix {
  const [head, ...lines] = table.trim().split('\n');
  const names = head!.trim().split(/\s+/);
  return new Map(
    lines
      .filter((line) => line.trim())
      .map((line) => {
        const [method, path, ...statuses] = line.trim().split(/\s+/);
        if (statuses.length !== names.length)
          throw new Error(`${line.trim()}: ${statuses.length} statuses for ${names.length} who ask`);
        return [
          `${method} ${path}`,
          Object.fromEntries(names.map((name, at) => [name, Number(statuses[at])])),
        ] as const;
      }),
  );
}

/**
 * Asks every route as everybody: reads as they are, writes with a valid form token and nothing else in the form, so that
 * whoever may write is told what is missing, and others that they may not.
 *
 * @param who column of the table → persona of the demo city; null: nobody is signed in.
 * @param fill puts values in place of the parameters of a path.
 * @param forget makes the city forget whom it has counted: one network asks for more wrong links here than any guesser.
 */
export async function answersOf(
  app: Hono<MistoEnv>,
  routes: readonly string[],
  who: Readonly<Record<string, string | null>>,
  fill: (path: string) => string,
  forget: () => Promise<unknown> = async () => {},
): Promise<Matrix> {
  const found = new Map<string, Record<string, number>>();
  for (const [name, persona] of Object.entries(who)) {
    let browser = await enter(app, persona);
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      await forget();
      const csrf = /name="_csrf" value="([^"]+)"/.exec(browser.html)?.[1] ?? '';
      const answer = await app.request(fill(path), {
        method,
        headers: {
          accept: 'text/html',
          cookie: [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; '),
        },
        ...(method === 'GET' ? {} : { body: new URLSearchParams({ _csrf: csrf }) }),
      });
      await answer.body?.cancel();
      found.set(route, { ...found.get(route), [name]: answer.status });
      // Some acts end the session.
      if (method !== 'GET' && answer.status === 303) browser = await enter(app, persona);
    }
  }
  return found;
}

async function enter(app: Hono<MistoEnv>, persona: string | null): Promise<TestBrowser> {
  const browser = await new TestBrowser(app).get('/sign-in');
  if (!persona) return browser;
  await browser.submit('/sign-in/demo', { persona });
  return browser.get('/cabinet');
}

/** The table written out, to be put in place of the old one after a look at each difference. */
export function write(found: Matrix): string {
  const names = Object.keys(found.values().next().value ?? {});
  const width = Math.max(...[...found.keys()].map((route) => route.length)) + 1;
  const line = (first: string, cells: readonly (string | number)[]) =>
    (first.padEnd(width) + cells.map((cell) => String(cell).padEnd(5)).join('')).trimEnd();
  return [
    line('', names),
    ...[...found].map(([route, row]) =>
      line(
        route,
        names.map((name) => row[name]!),
      ),
    ),
  ].join('\n');
}
