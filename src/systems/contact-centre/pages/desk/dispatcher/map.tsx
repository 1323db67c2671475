import type { Context } from 'hono';
import { maxZoom, minZoom, viewOf } from '#platform/geo/web-mercator.ts';
import { page } from '#platform/http/page.tsx';
import { messages } from '#platform/i18n/index.ts';
import type { MistoEnv, Platform } from '#platform/system.ts';
import { BackLink, Empty, type MapPin, MapTiles, PageHead, Section, Table } from '#ui/index.ts';
import { readCity } from '../../../city.ts';
import { type QueueRow, queue } from '../../../lists/index.ts';
import { StateBadge } from '../../kit.tsx';
import { shownNumber } from '../../text.ts';
import { deskHere, timeLeft } from '../kit.tsx';
import { crewsOf } from '../moves.tsx';
import { mustDispatch } from './queue.tsx';
import { dispatcherText } from './text.ts';

const words = messages(
  {
    title: 'Бригади на мапі',
    lead: 'Де зараз працюють бригади і що ще чекає. Літера на позначці — бригада, крапка — заявка без бригади.',
    crews: 'Бригади',
    crew: 'Бригада',
    where: 'Де зараз',
    next: 'Ще доручено',
    free: 'виїздів немає',
    at: (crew: string, place: string) => `${crew}: ${place}`,
    none: 'У черзі немає заявок із місцем на мапі',
    most: (n: string) => `На мапі ${n} заявок, яким лишилося найменше часу.`,
    noPlace: (n: string) => `Без місця на мапі: ${n}.`,
  },
  {
    en: {
      title: 'Crews on the map',
      lead: 'Where crews work now and what still waits. A letter on a pin is a crew, a dot a request without one.',
      crews: 'Crews',
      crew: 'Crew',
      where: 'Where now',
      next: 'More to do',
      free: 'nowhere to go',
      at: (crew, place) => `${crew}: ${place}`,
      none: 'No request of the queue has a place on the map',
      most: (n) => `The map shows the ${n} requests with the least time left.`,
      noPlace: (n) => `Without a place on the map: ${n}.`,
    },
  },
);

/** Requests drawn at most: the nearest to their end first. */
const drawn = 200;
const letters = [...'АБВГДЕЖЗІКЛМНПРСТУФХЦЧШЩЮЯ'];

/** `/desk/dispatcher/map`: the crews of the enterprise where they work now, and what waits around them. */
export function dispatcherMap(platform: Platform) {
  return async (c: Context<MistoEnv>): Promise<Response> => {
    const { actor } = c.var.visit;
    mustDispatch(actor);
    const at = deskHere(c);
    const own = words(at.language);
    const now = platform.clock.now();
    const [city, list] = await Promise.all([
      readCity(platform.db),
      queue(platform.db, actor, { now }, { limit: drawn }),
    ]);
    const [lon, lat] = city.settings.centre;
    const centre = viewOf(c.req.query(), { lon, lat });
    const crews = crewsOf(city, actor.organisation).map((crew, index) => {
      const given = list.rows.filter((row) => row.crew === crew.id);
      const at = given.filter(({ state }) => state === 'in_progress');
      return {
        ...crew,
        mark: letters[index] ?? String(index + 1),
        now: at[0] ?? null,
        next: given.filter((row) => row !== at[0]),
      };
    });
    const marks = new Map(crews.flatMap((crew) => (crew.now ? [[crew.now.number, crew] as const] : [])));
    const placed = list.rows.filter(hasPlace);
    const place = (row: QueueRow) => row.address ?? shownNumber(row.number);
    const pins = placed.map((row): MapPin => {
      const crew = marks.get(row.number);
      const what = `${row.categoryName?.[at.language] ?? row.category}, ${place(row)}`;
      return {
        lat: row.lat,
        lon: row.lon,
        mark: crew ? crew.mark : '•',
        label: crew ? own.at(crew.name[at.language], what) : what,
        href: at.href(`/desk/requests/${row.number}`),
        tone: crew ? 'chosen' : row.timeLeft !== null && row.timeLeft < 0 ? 'danger' : 'info',
      };
    });
    const link = (row: QueueRow) => (
      <a href={at.href(`/desk/requests/${row.number}`)}>
        {row.categoryName?.[at.language] ?? row.category}, {place(row)}
      </a>
    );
    return page(
      c,
      {
        title: own.title,
        shell: 'desk',
        before: <BackLink href={at.href('/desk/dispatcher')}>{dispatcherText(at.language).back}</BackLink>,
      },
      <>
        <PageHead title={own.title} lead={own.lead} />
        {list.more && <p>{own.most(at.number(drawn))}</p>}
        {placed.length < list.rows.length && (
          <p class="muted">{own.noPlace(at.number(list.rows.length - placed.length))}</p>
        )}
        {placed.length === 0 ? (
          <Empty title={own.none} icon="map" />
        ) : (
          <MapTiles
            centre={centre}
            minZoom={minZoom}
            maxZoom={maxZoom}
            label={own.title}
            tileUrl={(z, x, y) => `/contact-centre/tiles/${z}/${x}/${y}`}
            href={(view) => at.href('/desk/dispatcher/map', { ...view })}
            pins={pins}
          />
        )}
        <Section title={own.crews}>
          <Table
            caption={own.crews}
            quietCaption
            rows={crews}
            rowKey={(crew) => crew.id}
            columns={[
              {
                key: 'crew',
                title: own.crew,
                header: true,
                cell: (crew) => `${crew.mark}. ${crew.name[at.language]}`,
              },
              {
                key: 'where',
                title: own.where,
                cell: (crew) =>
                  crew.now ? (
                    <>
                      {link(crew.now)}{' '}
                      <StateBadge language={at.language} state={crew.now.state} closing={null} />
                    </>
                  ) : (
                    <span class="muted">{own.free}</span>
                  ),
              },
              {
                key: 'left',
                title: dispatcherText(at.language).left,
                cell: (crew) => (crew.now ? timeLeft(at.words, crew.now.timeLeft) : '–'),
              },
              { key: 'next', title: own.next, numeric: true, cell: (crew) => at.number(crew.next.length) },
            ]}
          />
        </Section>
      </>,
    );
  };
}

const hasPlace = (row: QueueRow): row is QueueRow & { lat: number; lon: number } =>
  row.lat !== null && row.lon !== null;
