// Keeps: marked names, telephones, addresses, codes and tokens that are sent through every route of the city are found in no log, no
// figure and no address that the answer sends the browser to (platform.md §12).
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { routesOf } from '#platform/access/matrix.ts';
import { createApp } from '#platform/http/app.ts';
import { TestBrowser } from '#platform/http/browser.ts';
import { createMetrics } from '#platform/http/metrics.ts';
import { createPlatform } from '#platform/platform.ts';
import { systems } from '#systems/index.ts';
import { deskWorld } from './contact-centre/pages/desk/test-world.ts';

const world = await deskWorld();
const platform = createPlatform({ ...world.platform, pool: world.pool, systems });
const said: string[] = [];
const metrics = createMetrics();
const app = createApp(platform, {
  cache: false,
  limits: false,
  log: (line) => said.push(JSON.stringify(line)),
  metrics,
  mailer: { send: async () => {} },
});

/** What may stand nowhere: by its kind, in every spelling in which a program would pass it on. */
const marks: Readonly<Record<string, string>> = {
  name: 'Мітченко',
  phone: '0671122334',
  email: 'mitka.znak@example.test',
  address: 'Позначена вулиця 17',
  code: '918273',
  token: 'ToKeNmArKeD0123456789abcdefghijklmnopqrstuvw',
};
const found = (text: string): string[] => {
  const all = [text, text.replaceAll('+', ' '), safely(text)].join('\n').toLowerCase();
  return Object.values(marks).filter((mark) => all.includes(mark.toLowerCase()));
};
function safely(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Every name that a field of our forms has. */
const sources: Record<string, string> = import.meta.glob(['/src/**/*.tsx', '!/src/**/*.test.tsx'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const fieldNames = [
  ...new Set(
    Object.values(sources).flatMap((text) =>
      [...text.matchAll(/\bname="([a-z][\w.-]*)"/gi)].map((one) => one[1]!),
    ),
  ),
];
const values = Object.values(marks);
const body = Object.fromEntries(
  [...fieldNames, 'first_name', 'last_name', 'phone', 'email', 'description', 'api_key', 'q'].map(
    (name, at) => [
      name,
      /code/.test(name) ? marks.code! : /mail/.test(name) ? marks.email! : values[at % values.length]!,
    ],
  ),
);
const query = new URLSearchParams({
  q: marks.name!,
  phone: marks.phone!,
  email: marks.email!,
  address: marks.address!,
});
const routes = routesOf(app).filter((route) => !/ \/(healthz|sign-out)/.test(route));

beforeAll(() => {
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said.push(String(text));
      return true;
    });
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation((...all) => void said.push(all.map(String).join(' ')));
  return () => vi.restoreAllMocks();
});

/** From now on the database refuses whatever is stored, in words that quote it, as PostgreSQL's own do. */
const refuseRows = () =>
  world.pool.query(`
    create function quote_row() returns trigger language plpgsql as $$
    begin raise exception 'new row violates a rule: %', to_jsonb(new) using detail = to_jsonb(new)::text; end $$;
    do $$ declare name regclass; begin
      for name in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace loop
        execute format('create trigger quote_row before insert or update on %s for each row execute function quote_row()', name);
      end loop;
    end $$`);

describe.each([
  ['a visitor', null],
  ['staff, while nothing can be stored', 'supervisor'],
])('by %s', (_, persona) => {
  it('nothing that was sent is written down', async () => {
    const browser = await new TestBrowser(app).get('/sign-in');
    if (persona) await browser.submit('/sign-in/demo', { persona });
    await browser.get(persona ? '/cabinet' : '/sign-in');
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const csrf = /name="_csrf" value="([^"]+)"/.exec(browser.html)?.[1] ?? '';
    if (persona) await refuseRows();
    const places: string[] = [];
    for (const route of routes) {
      const [method = '', template = ''] = route.split(' ');
      const isRead = method === 'GET';
      const path = template
        .replaceAll(/:(\w+)(?:\{[^}]*\})?\??/g, isRead ? encodeURIComponent(marks.token!) : 'x')
        .replace('*', 'x');
      const answer = await app.request(isRead ? `${path}?${query}` : path, {
        method,
        headers: {
          accept: 'text/html',
          cookie: isRead ? `${cookie}; other=${marks.token}` : cookie,
          'user-agent': `Browser of ${marks.email}`,
          referer: `http://misto.test/x?phone=${marks.phone}`,
          'x-forwarded-for': marks.phone!,
        },
        ...(isRead
          ? {}
          : { body: new URLSearchParams({ ...body, _csrf: csrf, _key: `${persona} ${route}` }) }),
      });
      await answer.body?.cancel();
      // What a page is asked by comes back in the way to it after signing in; what a form says never stands in an address.
      if (!isRead) places.push(`${route} → ${answer.headers.get('location') ?? ''}`);
    }
    expect(places.filter((place) => found(place).length > 0)).toEqual([]);
    expect(said.filter((line) => found(line).length > 0)).toEqual([]);
    expect(found(await metrics.text(platform))).toEqual([]);
  });
});

it('the walk went through every route of every system', () => {
  expect(routes.length).toBeGreaterThan(250);
  expect(fieldNames.length).toBeGreaterThan(100);
  // And what the faults left in the log was seen here.
  expect(said.length).toBeGreaterThan(20);
});
