import {
  boxOf,
  type MapView,
  maxZoom,
  minZoom,
  pointOfPixel,
  tileAt,
  viewOf,
} from '#platform/geo/web-mercator.ts';
import type { Platform } from '#platform/system.ts';
import type { Actor } from '#platform/work.ts';
import { Empty, type MapPin, MapTiles } from '#ui/index.ts';
import { askSql } from '../datastore/ask-sql.ts';
import { placeColumns } from '../datastore/place-columns.ts';
import { clustersText, extentText, type PlaceColumns, publicTable, rowsText } from '../datastore/question.ts';
import type { StoredTable } from '../datastore/tables.ts';
import { cityBox } from '../loading/city-box.ts';
import { type Asked, askedQuery, filtersOf, narrowedQuery, withinBox } from './asked.ts';
import type { Here } from './kit.tsx';
import { type Refused, RefusedNotice, refusalOf } from './refusal.tsx';
import { viewText } from './view-text.ts';

/** Pins beside each other along a side of the view: 64 pixels for each. */
const across = 12;

interface Pin {
  readonly lat: number;
  readonly lon: number;
  readonly rows: number;
  /** `_id` of the only row. */
  readonly row: number | null;
  readonly label: string;
}

/** Rows of a table on the map. */
export interface Places {
  readonly columns: PlaceColumns;
  readonly centre: MapView;
  readonly pins: readonly Pin[];
  readonly rows: number;
  readonly placed: number;
  readonly refused: Refused | null;
}

/** Gathers what the map shows; null: the table has no places. */
export async function placesOf(
  platform: Platform,
  actor: Actor,
  at: Here,
  table: StoredTable,
  asked: Asked,
): Promise<Places | null> {
  const columns = placeColumns(table.fields);
  if (!columns) return null;
  const narrowed = { filters: filtersOf(asked), q: asked.q };
  const ask = async <Row,>(text: string) =>
    JSON.parse((await askSql(platform.db, actor, text)).records) as Row[];
  try {
    const [extent] = await ask<Extent>(extentText(publicTable(table), narrowed, columns));
    const centre = asked.tile.z ? viewOf(asked.tile, cityCentre) : wholeView(extent!);
    const clusters = await ask<{ n: number; lat: number; lon: number; first: number }>(
      clustersText(publicTable(table), narrowed, columns, { box: boxOf(centre), across }),
    );
    const single = clusters.filter(({ n }) => n === 1).map(({ first }) => first);
    const named = table.fields.find(({ type }) => type === 'text');
    const labels =
      named && single.length > 0
        ? await ask<Record<string, unknown>>(
            rowsText(publicTable(table), {
              filters: { _id: single },
              fields: ['_id', named.id],
              limit: single.length,
            }),
          )
        : [];
    const byRow = new Map(labels.map((row) => [Number(row._id), String(row[named!.id] ?? '')]));
    return {
      columns,
      centre,
      rows: extent!.rows,
      placed: extent!.placed,
      refused: null,
      pins: clusters.map(({ n, lat, lon, first }) => ({
        lat: Number(lat),
        lon: Number(lon),
        rows: n,
        row: n === 1 ? first : null,
        label: byRow.get(first) || viewText(at.language).row(at.number(first)),
      })),
    };
  } catch (error) {
    const refused = refusalOf(at.language, error);
    return { columns, centre: tileAt(12, cityCentre), pins: [], rows: 0, placed: 0, refused };
  }
}

const cityCentre = { lat: (cityBox.south + cityBox.north) / 2, lon: (cityBox.west + cityBox.east) / 2 };

/** Tiles above and below the middle one that the window of the map shows. */
const shownHigh = 0.75;

interface Extent {
  readonly rows: number;
  readonly placed: number;
  readonly south: number | null;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

/** The closest view that holds all places; of places in the city and elsewhere, those in the city. */
function wholeView(extent: Extent): MapView {
  if (extent.south === null) return tileAt(12, cityCentre);
  const meets =
    extent.south <= cityBox.north &&
    extent.north >= cityBox.south &&
    extent.west <= cityBox.east &&
    extent.east >= cityBox.west;
  const most = meets ? cityBox : { south: -85, west: -180, north: 85, east: 180 };
  const [south, north] = [Math.max(extent.south, most.south), Math.min(extent.north, most.north)];
  const [west, east] = [Math.max(extent.west, most.west), Math.min(extent.east, most.east)];
  const centre = { lat: (south + north) / 2, lon: (west + east) / 2 };
  for (let z = 16; z > minZoom; z -= 1) {
    const view = tileAt(z, centre);
    const { west: left, east: right } = boxOf(view);
    const [top, bottom] = [-shownHigh, 1 + shownHigh].map(
      (tiles) => pointOfPixel(z, view.x, view.y, 0, tiles * 256).lat,
    ) as [number, number];
    if (bottom <= south && top > north && left <= west && right > east) return view;
  }
  return tileAt(minZoom, centre);
}

/** Rows on tiles that the server draws, gathered where they are dense; each pin is in the list below too. */
export function PlacesView(props: {
  at: Here;
  path: string;
  asked: Asked;
  places: Places;
  tiles: string | undefined;
  /** Single rows lead to this page, outside of an embed. */
  rowPath: string;
}) {
  const { at, asked, places } = props;
  const words = viewText(at.language);
  const inView = places.pins.reduce((sum, pin) => sum + pin.rows, 0);
  const to = (view: MapView) => at.href(props.path, askedQuery(asked, { ...view }));
  const pins: MapPin[] = places.pins.map((pin) => ({
    lat: pin.lat,
    lon: pin.lon,
    mark: at.number(pin.rows, { notation: 'compact' }),
    tone: pin.row === null ? 'chosen' : 'info',
    label: pin.row === null ? words.many(at.number(pin.rows)) : pin.label,
    href:
      pin.row === null
        ? to(tileAt(Math.min(places.centre.z + 2, maxZoom), pin))
        : at.href(props.rowPath, { c1: '_id', v1: pin.row }),
  }));
  if (places.refused) return <RefusedNotice at={at} refused={places.refused} />;
  return (
    <>
      <p role="status">
        {words.inView(at.number(inView), at.number(places.placed))}
        {places.rows > places.placed && ` ${words.noPlace(at.number(places.rows - places.placed))}`}{' '}
        {inView > 0 && (
          <a
            href={at.href(
              props.rowPath,
              narrowedQuery({
                q: asked.q,
                conditions: withinBox(asked, places.columns, boxOf(places.centre)),
              }),
            )}
          >
            {words.rowsHere}
          </a>
        )}
      </p>
      {props.tiles ? (
        <MapTiles
          centre={places.centre}
          minZoom={minZoom}
          maxZoom={maxZoom}
          label={words.map}
          tileUrl={(z, x, y) =>
            props.tiles!.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))
          }
          href={to}
          pins={pins}
        />
      ) : (
        <>
          <p class="muted">{words.noGround}</p>
          <ul>
            {pins.map((pin) => (
              <li key={`${pin.lat} ${pin.lon}`}>
                <a href={pin.href}>{pin.label}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      {inView === 0 && (
        <Empty title={words.nothingHere} icon="map">
          <p>{words.nothingHereWhy}</p>
          <p>
            <a
              href={at.href(
                props.path,
                askedQuery({ ...asked, tile: { z: undefined, x: undefined, y: undefined } }),
              )}
            >
              {words.wholeExtent}
            </a>
          </p>
        </Empty>
      )}
    </>
  );
}
