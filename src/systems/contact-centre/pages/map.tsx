import type { Context } from 'hono';
import { boxOf, maxZoom, minZoom, tileAt, viewOf } from '#platform/geo/web-mercator.ts';
import { page } from '#platform/http/page.tsx';
import { messages, plural } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { Empty, FilterBar, Island, MapTiles, PageHead, Section, Select } from '#ui/index.ts';
import { readCity } from '../city.ts';
import { closings, type State, states } from '../states.ts';
import { type Cluster, clusters } from '../statistics.ts';
import { type Here, here } from './kit.tsx';
import { RequestCards } from './list.tsx';
import { mapFilter } from './map-filter.ts';
import { branchesOf, labelsOf, listRequests, organisationsOf } from './reads.ts';
import { shownNumber, stateName } from './text.ts';

const words = messages(
  {
    title: 'Мапа заявок',
    lead: 'Число на позначці: скільки заявок поруч. Натисніть, щоб наблизити.',
    any: 'Усі',
    open: 'Відкриті',
    inView: (n: number) =>
      `На цій ділянці ${n} ${plural('uk', n, { one: 'заявка', few: 'заявки', many: 'заявок', other: 'заявки' })}`,
    none: 'На цій ділянці заявок немає',
    noneWhy: 'Зменште масштаб або зніміть фільтри.',
    latest: 'Нещодавні на цій ділянці',
    here: (n: string) => `Заявок тут: ${n}. Наблизити`,
    live: {
      map: 'Мапа заявок. Стрілки пересувають, плюс і мінус змінюють масштаб',
      many: 'Заявок тут: {n}. Наблизити',
      one: 'Заявка {n}',
      open: 'Відкрити заявку',
      list: 'Показати список цієї ділянки',
      failed: 'Не вдалося завантажити заявки. Перевірте звʼязок і спробуйте ще раз.',
      zoomIn: 'Наблизити',
      zoomOut: 'Віддалити',
    },
    place: 'Дані заявок: оприлюднене місце, яке може бути зсунуте заради приватності.',
  },
  {
    en: {
      title: 'Map of requests',
      lead: 'The number on a pin tells how many requests are close. Press it to zoom in.',
      any: 'All',
      open: 'Open',
      inView: (n) => `${n} ${plural('en', n, { one: 'request', other: 'requests' })} in this area`,
      none: 'No requests in this area',
      noneWhy: 'Zoom out or drop some filters.',
      latest: 'Latest in this area',
      here: (n) => `Requests here: ${n}. Zoom in`,
      live: {
        map: 'Map of requests. Arrows move it, plus and minus change the scale',
        many: 'Requests here: {n}. Zoom in',
        one: 'Request {n}',
        open: 'Open the request',
        list: 'Show the list of this area',
        failed: 'The requests could not be loaded. Check the connection and try again.',
        zoomIn: 'Zoom in',
        zoomOut: 'Zoom out',
      },
      place: 'Requests are shown at their published place, which may be moved for privacy.',
    },
  },
);

/** `/map`: the city's requests on tiles drawn here, gathered where they are dense; every pin is also in a list. */
export function map(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const own = words(at.language);
    const query = c.req.query();
    const city = await readCity(platform.db);
    const [lon, lat] = city.settings.centre;
    const centre = viewOf(query, { lon, lat });
    const bbox = boxOf(centre);
    const state = query.state || 'open';
    const filter = mapFilter(query);
    // An eighth of a tile: pins of neighbouring cells hardly overlap.
    const cell = (40_075_017 * Math.cos((bbox.south * Math.PI) / 180)) / 2 ** centre.z / 4;
    const [found, latest, branches, organisations] = await Promise.all([
      clusters(platform.db, { bbox, cell, filter, centre: city.settings.centre }),
      listRequests(
        platform.db,
        at.language,
        { ...filter, box: { ...bbox, centre: city.settings.centre } },
        6,
        0,
      ),
      branchesOf(platform.db, at.language),
      organisationsOf(platform.db, at.language),
    ]);
    const kept = { state: query.state, branch: query.branch, organisation: query.organisation };
    const to = (view: { z: number; x: number; y: number }) => at.href('/map', { ...kept, ...view });
    const names = await labelsOf(
      platform.db,
      at.language,
      found.clusters.flatMap(({ number }) => (number === null ? [] : [number])),
    );
    const options = (rows: readonly { code: string; name: string }[]) =>
      rows.map((row) => ({ value: row.code, label: row.name }));
    return page(
      c,
      { title: own.title, description: own.lead, width: 'full' },
      <>
        <PageHead title={own.title} lead={own.lead} kicker={<a href={at.href('')}>{at.text.centre}</a>} />
        <FilterBar action={at.href('/map')} active={[]} clearHref={at.href('/map')}>
          <Select
            name="state"
            label={at.text.state}
            value={state}
            options={[
              { value: 'open', label: own.open },
              { value: 'any', label: own.any },
              ...states
                .filter((one) => one !== 'closed')
                .map((one) => ({ value: one as string, label: stateName(at.language, one, null) })),
              ...closings.map((one) => ({
                value: `closed:${one}`,
                label: stateName(at.language, 'closed', one),
              })),
            ]}
          />
          <Select
            name="branch"
            label={at.text.category}
            options={options(branches)}
            value={query.branch ?? ''}
            empty={own.any}
          />
          <Select
            name="organisation"
            label={at.text.executor}
            options={options(organisations)}
            value={query.organisation ?? ''}
            empty={own.any}
          />
        </FilterBar>
        <p role="status">{found.total > 0 ? own.inView(found.total) : own.none}</p>
        <Island
          name="requests-map"
          props={{
            centre,
            minZoom,
            maxZoom,
            query: new URLSearchParams(filled(kept)).toString(),
            background: platform.config.tileUrl ?? null,
            path: at.href('/map'),
            request: at.href('/requests/'),
            words: own.live,
          }}
        >
          <MapTiles
            centre={centre}
            minZoom={minZoom}
            maxZoom={maxZoom}
            label={own.title}
            tileUrl={(z, x, y) => `/contact-centre/tiles/${z}/${x}/${y}`}
            href={to}
            pins={found.clusters.map((one) => pinOf(one, at, names, centre.z, to))}
          />
        </Island>
        <p class="hint">{own.place}</p>
        {latest.rows.length > 0 ? (
          <Section title={own.latest}>
            <RequestCards at={at} rows={latest.rows} />
          </Section>
        ) : (
          <Empty title={own.none} icon="search">
            <p>{own.noneWhy}</p>
          </Empty>
        )}
      </>,
    );
  };
}

function filled(query: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

const tones: Partial<Record<State, 'good' | 'warning' | 'danger'>> = {
  claimed: 'warning',
  rework: 'danger',
  closed: 'good',
};

/** One request leads to its page, several to a closer look. */
function pinOf(
  one: Cluster,
  at: Here,
  names: ReadonlyMap<string, string>,
  zoom: number,
  to: (view: { z: number; x: number; y: number }) => string,
) {
  const place = { lat: one.lat, lon: one.lon };
  if (one.number !== null)
    return {
      ...place,
      mark: '1',
      label: names.get(one.number) ?? shownNumber(one.number),
      href: at.href(`/requests/${one.number}`),
      tone: (one.state && tones[one.state]) ?? ('info' as const),
    };
  return {
    ...place,
    mark: at.number(one.count, { notation: 'compact' }),
    label: words(at.language).here(at.number(one.count)),
    href: to(tileAt(Math.min(zoom + 2, maxZoom), place)),
    tone: 'chosen' as const,
  };
}
