// Keeps: open-data.md 6, documents, negotiation, paging, feeds and files, over HTTP.
import { XMLParser } from 'fast-xml-parser';
import { Parser, Store } from 'n3';
import { describe, expect, it } from 'vitest';
import type { ManualClock } from '#platform/clock.ts';
import { catalogueAlternates, datasetAlternates } from '../../dcat/alternates.ts';
import { officer, testPortal } from '../ckan/testing.ts';

const portal = await testPortal();
const clock = portal.platform.clock as ManualClock;
const call = async (action: string, input: Record<string, unknown>) =>
  (await portal.call(action, input, officer)).result;
const make = (input: Record<string, unknown>) => {
  clock.advance(60_000);
  return call('package_create', { owner_org: 'transport', ...input });
};
await call('organization_create', { name: 'transport', title: 'Транспорт', edrpou: '00012345' });
const stops = await make({
  name: 'tram-stops',
  title: 'Зупинки трамваїв',
  notes: 'Розташування зупинок',
  tags: [{ name: 'трамвай' }],
  groups: [{ name: 'tran' }],
  license_id: 'CC-BY-4.0',
  maintainer: 'Диспетчерська',
  maintainer_email: 'data@example.ua',
  update_frequency: 'once a month',
  hvd_category: 'c_b79e35eb',
  resources: [{ url: 'https://example.org/зупинки.csv', name: 'Перелік' }],
});
const routes = await make({
  name: 'routes',
  title: 'Маршрути',
  resources: [{ url: 'https://example.org/r.csv' }],
});
const hidden = await make({ name: 'hidden', title: 'Таємний набір', private: true });
const gone = await make({ name: 'gone', title: 'Вилучений набір' });
await call('package_delete', { id: 'gone' });
const neverSeen = await make({ name: 'never-seen', title: 'Ніколи не відкритий', private: true });
await call('package_delete', { id: 'never-seen' });

const { origin, site } = portal;
const get = (path: string, headers: Record<string, string> = {}) => portal.fetch(path, { headers });
const dcat = (name: string) => `http://www.w3.org/ns/dcat#${name}`;
const hydra = (name: string) => `http://www.w3.org/ns/hydra/core#${name}`;
const type = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
async function graph(path: string) {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  return new Store(new Parser({ baseIRI: 'urn:relative' }).parse(await answer.text()));
}
const datasetsOf = (store: Store) =>
  store
    .getSubjects(type, dcat('Dataset'), null)
    .map((one) => one.value)
    .sort();

describe('a dataset', () => {
  const types = {
    rdf: 'application/rdf+xml',
    xml: 'application/rdf+xml',
    ttl: 'text/turtle',
    n3: 'text/n3',
    jsonld: 'application/ld+json',
  };
  for (const [ending, mediaType] of Object.entries(types))
    it(`is ${mediaType} at .${ending}, by name and by id, below the portal and at the root of the host`, async () => {
      const paths = [
        '/open-data/dataset/tram-stops',
        `/open-data/dataset/${stops.id}`,
        '/dataset/tram-stops',
      ];
      const bodies = await Promise.all(
        paths.map(async (path) => {
          const answer = await get(`${path}.${ending}`);
          expect(answer.status).toBe(200);
          expect(answer.headers.get('content-type')).toBe(`${mediaType}; charset=utf-8`);
          return answer.text();
        }),
      );
      expect(bodies[0]).toContain(`${site}/dataset/${stops.id}`);
      expect(new Set(bodies).size).toBe(1);
    });

  it('is found behind its permanent address, and so are its resources', async () => {
    for (const path of [`/dataset/${stops.id}`, `/dataset/${stops.id}/resource/${stops.resources[0].id}`]) {
      const answer = await get(`/open-data${path}`, { accept: 'text/turtle' });
      expect(answer.headers.get('content-type')).toBe('text/turtle; charset=utf-8');
      expect(await answer.text()).toContain(`<${site}${path}>`);
    }
    const other = await get(`/open-data/dataset/${stops.id}/resource/${routes.resources[0].id}`, {
      accept: 'text/turtle',
    });
    expect(other.status).toBe(404);
  });

  it('is handed on to its page for people, and says that the answer varies', async () => {
    for (const accept of [
      'text/html,application/xhtml+xml,*/*;q=0.8',
      '*/*',
      'text/turtle;q=0.2,text/html',
    ]) {
      const answer = await get('/open-data/dataset/tram-stops', { accept });
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(answer.headers.get('vary')).toContain('Accept');
    }
    const data = await get('/open-data/dataset/tram-stops', { accept: 'text/html;q=0.2,text/turtle' });
    expect(data.headers.get('vary')).toContain('Accept');
    expect(data.headers.get('content-type')).toContain('text/turtle');
  });

  it('tells programs on its page what it is and where its other forms are', async () => {
    const read = async (path: string) => {
      const answer = await get(path, { accept: 'text/html' });
      expect(answer.status).toBe(200);
      return answer.text();
    };
    const html = await read('/open-data/dataset/tram-stops');
    for (const { type: named, href } of datasetAlternates(site, stops))
      expect(html).toContain(`<link rel="alternate" type="${named}" href="${href}"/>`);
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)![1]!;
    expect(JSON.parse(data)).toMatchObject({ '@type': 'Dataset', name: 'Зупинки трамваїв' });
    expect(html).toContain('Набір високої цінності має бути доступний через API');
    expect(await read('/open-data/dataset/routes')).toContain('Опис відповідає DCAT-AP 2.1.1 і 3.0.1');
    const catalogue = await read('/open-data');
    for (const { href } of catalogueAlternates(site)) expect(catalogue).toContain(`href="${href}"`);
  });

  it('leads people from the root of the host to its page', async () => {
    const answer = await portal.fetch('/dataset/tram-stops?x=1', {
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      '/open-data/dataset/tram-stops?x=1',
    ]);
  });

  it('is written in the profiles that are asked for', async () => {
    const texts = await Promise.all(
      ['euro_dcat_ap_2', 'schemaorg', 'euro_dcat_ap_3,schemaorg'].map(async (profiles) =>
        (await get(`/open-data/dataset/tram-stops.ttl?profiles=${profiles}`)).text(),
      ),
    );
    expect(texts.map((text) => [text.includes('a dcat:Dataset'), text.includes('schema:Dataset')])).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
    const unknown = await get('/open-data/dataset/tram-stops.ttl?profiles=nonsense');
    expect(unknown.status).toBe(409);
    expect(await unknown.text()).toContain('nonsense');
  });

  it('that is private is told to its publishers only, and one that was withdrawn is gone', async () => {
    expect((await get('/open-data/dataset/hidden.ttl')).status).toBe(403);
    expect((await get('/open-data/dataset/hidden.ttl', { authorization: 'nonsense' })).status).toBe(403);
    const told = await get('/open-data/dataset/hidden.ttl', { authorization: officer });
    expect(told.status).toBe(200);
    expect(told.headers.get('cache-control')).toContain('private');
    expect(await told.text()).toContain('NON_PUBLIC');
    expect((await get('/open-data/dataset/nobody.ttl')).status).toBe(404);
    expect((await get(`/open-data/dataset/${gone.id}.ttl`)).status).toBe(410);
    expect((await get(`/open-data/dataset/${neverSeen.id}.ttl`)).status).toBe(404);
  });

  it('is not sent again to who has it', async () => {
    const first = await get('/open-data/dataset/tram-stops.ttl');
    const etag = first.headers.get('etag')!;
    const changed = first.headers.get('last-modified')!;
    const again = await get('/open-data/dataset/tram-stops.ttl', { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get('/open-data/dataset/tram-stops.ttl', { 'if-modified-since': changed })).status).toBe(
      304,
    );
    expect((await get('/open-data/dataset/tram-stops.ttl', { 'if-none-match': '"other"' })).status).toBe(200);
  });
});

it('every other form that a page names is there', async () => {
  for (const { type: named, href } of [...datasetAlternates(site, stops), ...catalogueAlternates(site)]) {
    const answer = await get(href.slice(origin.length));
    expect([href, answer.status, answer.headers.get('content-type')]).toEqual([
      href,
      200,
      `${named}; charset=utf-8`,
    ]);
  }
});

describe('the catalogue', () => {
  it('holds what everybody may see, in every syntax, at both addresses and behind the portal itself', async () => {
    const store = await graph('/catalog.ttl');
    expect(datasetsOf(store)).toEqual([stops, routes].map(({ id }) => `${site}/dataset/${id}`).sort());
    expect(store.getSubjects(type, dcat('Catalog'), null)[0]!.value).toBe(site);
    for (const ending of ['rdf', 'xml', 'n3', 'jsonld'])
      expect(await (await get(`/open-data/catalog.${ending}`)).text()).toContain(stops.id);
    const home = await get('/open-data', { accept: 'application/rdf+xml' });
    expect(home.headers.get('content-type')).toContain('application/rdf+xml');
    expect(await home.text()).not.toContain(hidden.id);
  });

  it('does not show a private dataset even to a token', async () => {
    const answer = await get('/catalog.ttl', { authorization: officer });
    expect(await answer.text()).not.toContain(hidden.id);
  });

  it('says in both spellings of Hydra where the other pages are, with everything that was asked for', async () => {
    const q = encodeURIComponent('зупинки OR маршрути');
    const store = await graph(`/open-data/catalog.ttl?q=${q}&profiles=euro_dcat_ap_2`);
    const [page] = store.getSubjects(type, hydra('PagedCollection'), null);
    const of = (name: string) => store.getObjects(page!, hydra(name), null).map((one) => one.value);
    expect(new URL(page!.value).searchParams.get('q')).toBe('зупинки OR маршрути');
    expect(new URL(page!.value).searchParams.get('profiles')).toBe('euro_dcat_ap_2');
    expect(of('totalItems')).toEqual(['2']);
    expect(of('itemsPerPage')).toEqual(['100']);
    expect(of('first')).toEqual([page!.value]);
    expect(of('lastPage')).toEqual(of('last'));
    expect(of('firstPage')).toEqual(of('first'));
    expect([...of('next'), ...of('previous'), ...of('nextPage'), ...of('previousPage')]).toEqual([]);
    expect(store.getObjects(page!, hydra('first'), null)[0]!.termType).toBe('Literal');
    const second = await graph('/open-data/catalog.ttl?page=2');
    const [other] = second.getSubjects(type, hydra('PagedCollection'), null);
    expect(second.getObjects(other!, hydra('previousPage'), null)[0]!.value).toBe(
      `${site}/catalog.ttl?page=1`,
    );
    expect(datasetsOf(second)).toEqual([]);
  });

  it('tells what changed since a time or a day', async () => {
    expect(datasetsOf(await graph(`/catalog.ttl?modified_since=${routes.metadata_modified}Z`))).toEqual([
      `${site}/dataset/${routes.id}`,
    ]);
    expect(datasetsOf(await graph('/catalog.ttl?modified_since=2001-01-01'))).toHaveLength(2);
    expect(datasetsOf(await graph('/catalog.ttl?modified_since=2101-01-01'))).toEqual([]);
  });

  it('finds by words and filters', async () => {
    expect(datasetsOf(await graph(`/catalog.ttl?q=${encodeURIComponent('зупинка')}`))).toHaveLength(1);
    expect(datasetsOf(await graph('/catalog.ttl?fq=groups:tran'))).toHaveLength(1);
  });

  it('of high value lists such datasets only', async () => {
    const store = await graph('/catalog.ttl?profiles=dcat_ap_hvd');
    expect(datasetsOf(store)).toEqual([`${site}/dataset/${stops.id}`]);
  });

  for (const query of [
    'page=0',
    'page=x',
    'page=-1',
    'modified_since=yesterday',
    'profiles=none',
    'fq=nothing:x',
  ])
    it(`is refused with 409 for ${query}`, async () => {
      const answer = await get(`/open-data/catalog.ttl?${query}`);
      expect(answer.status).toBe(409);
      expect(answer.headers.get('content-type')).toContain('text/plain');
    });
});

describe('the actions of CKAN', () => {
  it('give a dataset and the catalogue as one string', async () => {
    const text = async (path: string) => (await get(path)).text();
    const { result } = await portal.get('dcat_dataset_show', 'id=tram-stops&format=ttl');
    expect(result).toBe(await text('/dataset/tram-stops.ttl'));
    const catalogue = await portal.call('dcat_catalog_show', {
      format: 'jsonld',
      profiles: ['euro_dcat_ap_2'],
    });
    expect(catalogue.result).toBe(await text('/catalog.jsonld?profiles=euro_dcat_ap_2'));
    expect((await portal.get('dcat_dataset_show', 'id=tram-stops')).result).toContain('<rdf:RDF');
  });

  it('refuse what the addresses refuse', async () => {
    expect((await portal.get('dcat_dataset_show', 'id=tram-stops&format=doc')).error.format).toHaveLength(1);
    expect((await portal.get('dcat_catalog_show', 'page=none')).status).toBe(409);
    expect((await portal.get('dcat_dataset_show', 'id=hidden')).status).toBe(403);
  });
});

describe('feeds', () => {
  const xml = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => ['entry', 'item', 'url'].includes(name),
  });
  const titles = async (path: string) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    const feed = xml.parse(await answer.text());
    return (feed.feed?.entry ?? feed.rss?.channel.item ?? []).map((one: { title: string }) => one.title);
  };

  it('of all datasets tell the newest change first, in Atom and RSS', async () => {
    expect(await titles('/feeds/dataset.atom')).toEqual(['Маршрути', 'Зупинки трамваїв']);
    expect(await titles('/open-data/feeds/dataset.rss')).toEqual(['Маршрути', 'Зупинки трамваїв']);
  });

  it('of an organisation, a theme, a keyword and a search', async () => {
    expect(await titles('/feeds/organization/transport.atom')).toHaveLength(2);
    expect(await titles('/feeds/group/tran.rss')).toEqual(['Зупинки трамваїв']);
    expect(await titles(`/feeds/tag/${encodeURIComponent('трамвай')}.atom`)).toEqual(['Зупинки трамваїв']);
    expect(await titles(`/feeds/custom.atom?q=${encodeURIComponent('маршрут')}`)).toEqual(['Маршрути']);
    for (const path of ['organization/nobody.atom', 'group/transport.atom', 'tag/none.rss'])
      expect((await get(`/feeds/${path}`)).status).toBe(404);
  });

  it('name themselves and their pages, and are not sent again to who has them', async () => {
    const answer = await get('/feeds/dataset.atom');
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const { feed } = xml.parse(await answer.text());
    expect(feed.id).toBe(`${site}/feeds/dataset.atom`);
    expect(feed.entry[0].id).toBe(`${site}/dataset/${routes.id}`);
    const relations = feed.link.map((one: Record<string, string>) => one['@_rel']);
    expect(relations).toEqual(['self', 'alternate', 'first', 'last']);
    const changed = answer.headers.get('last-modified')!;
    expect((await get('/feeds/dataset.atom', { 'if-modified-since': changed })).status).toBe(304);
    expect((await get('/feeds/dataset.atom', { 'if-none-match': answer.headers.get('etag')! })).status).toBe(
      304,
    );
    expect((await get('/feeds/dataset.atom?page=none')).status).toBe(409);
  });

  it('of the versions of a dataset tell each one that was served', async () => {
    const resource = stops.resources[0].id;
    await portal.platform.db.$client.query(
      `with l as (insert into od_load (id, resource, n, file, file_name, state, source, author_name, received_at, alive_at)
         values (uuidv7(), $1, 1, uuidv7(), 'a.csv', 'indexed', 'api', 'x', now(), now()) returning id)
       insert into od_version (resource, n, load, raw_sha256, raw_bytes, raw_name, data_sha256, rows, columns, source, author_name,
         note, made_at, taken_down_at, opened_at)
       select $1, n, l.id, 'x', 1, 'a.csv', 'x', 7, '[]', 'upload', 'x', case n when 2 then 'Виправлено' else '' end,
         '2026-11-24T10:00:00Z'::timestamptz + n * interval '1 hour', case n when 1 then now() end, case when n < 4 then now() end
       from l, generate_series(1, 4) n`,
      [resource],
    );
    await portal.platform.db.$client.query('update od_resource set current_version = 3 where id = $1', [
      resource,
    ]);
    const answer = await get('/feeds/dataset/tram-stops.atom');
    const { feed } = xml.parse(await answer.text());
    expect(feed.entry.map((one: { title: string; summary: string }) => [one.title, one.summary])).toEqual([
      ['Перелік, версія 3', 'Рядків: 7'],
      ['Перелік, версія 2', 'Виправлено'],
    ]);
    const store = await graph('/dataset/tram-stops.ttl');
    expect(
      store.getObjects(`${site}/dataset/${stops.id}`, dcat('hasVersion'), null).map((one) => one.value),
    ).toEqual([3, 2].map((n) => `${site}/dataset/${stops.id}/resource/${resource}@v${n}`));
    expect((await get('/feeds/dataset/hidden.atom')).status).toBe(403);
  });
});

describe('files', () => {
  it('the register of datasets is always current, in the columns of appendix 7', async () => {
    const rows = await (await get('/datasets.json')).json();
    expect(rows).toHaveLength(2);
    expect(rows.find((row: { uid: string }) => row.uid === stops.id)).toEqual({
      uid: stops.id,
      title: 'Зупинки трамваїв',
      description: 'Розташування зупинок',
      accrualPeriodicity: 'once a month',
      keywords: 'трамвай',
      purpose: null,
      url: `${site}/dataset/tram-stops`,
      distributionFormat: 'CSV',
      publisherName: 'Транспорт',
      publisherId: '00012345',
      contactPointName: 'Диспетчерська',
      contactPointEmail: 'data@example.ua',
    });
    await make({ name: 'tariffs', title: 'Тарифи, "нові"' });
    const csv = await (await get('/open-data/datasets.csv')).text();
    expect(csv.split('\r\n')).toHaveLength(5);
    expect(csv.startsWith('uid,title,description,accrualPeriodicity,')).toBe(true);
    expect(csv).toContain('"Тарифи, ""нові"""');
    expect(csv).not.toContain('Таємний');
    await call('package_patch', { id: 'tariffs', private: true });
    expect(await (await get('/open-data/datasets.csv')).text()).not.toContain('Тарифи');
  });

  it('a dataset is a data package', async () => {
    expect(await (await get('/open-data/dataset/tram-stops/datapackage.json')).json()).toMatchObject({
      name: 'tram-stops',
      title: 'Зупинки трамваїв',
      licenses: [{ name: 'CC-BY-4.0', path: 'https://creativecommons.org/licenses/by/4.0/' }],
      keywords: ['трамвай'],
      resources: [
        { name: 'perelik', title: 'Перелік', path: 'https://example.org/зупинки.csv', format: 'csv' },
      ],
    });
    expect((await get('/dataset/hidden/datapackage.json')).status).toBe(403);
  });

  it('the map for search engines has every public page with its last change', async () => {
    const answer = await get('/sitemap.xml');
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    const text = await answer.text();
    expect(text).toContain(`<loc>${site}/dataset/routes</loc><lastmod>2026-11-24T`);
    expect(text).not.toContain('hidden');
    expect((await get('/open-data/sitemap-2.xml')).status).toBe(404);
  });
});

it('nothing but the portal answers where the officer has closed the root of the host', async () => {
  await call('config_option_update', { 'misto.api_at_host_root': 'false' });
  const root = await Promise.all(
    ['/catalog.ttl', '/dataset/routes.ttl', '/feeds/dataset.atom'].map((path) => get(path)),
  );
  expect(root.map((answer) => answer.status)).toEqual([404, 404, 404]);
  expect((await get('/open-data/catalog.ttl')).status).toBe(200);
  await call('config_option_update', { 'misto.api_at_host_root': 'true' });
  expect(origin).toMatch(/^http/);
});
