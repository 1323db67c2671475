import type { ComponentChildren } from 'preact';
import { Details } from './content.tsx';
import { useWords } from './context.ts';
import { Icon, type IconName } from './icon.tsx';

/** Centre of the view: the middle tile of the 3 × 3, in the usual Web-Mercator numbering. */
export interface TileCentre {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export interface MapPin {
  readonly lat: number;
  readonly lon: number;
  /** What is there, in a few words. */
  readonly label: string;
  readonly href?: string;
  readonly tone?: 'info' | 'good' | 'warning' | 'danger' | 'chosen';
  /** Stands in the pin; without it pins are numbered from 1. */
  readonly mark?: string;
}

const tile = 256;

/** Position of a point in the 768 × 768 view, in pixels. */
export function positionInView(centre: TileCentre, lat: number, lon: number): { x: number; y: number } {
  const scale = 2 ** centre.z;
  const phi = (lat * Math.PI) / 180;
  const worldX = ((lon + 180) / 360) * scale;
  const worldY = ((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * scale;
  return { x: (worldX - centre.x + 1) * tile, y: (worldY - centre.y + 1) * tile };
}

/**
 * A map that works without scripts: nine tiles that the server draws. With `pick`, inside a form, each tile is an image
 * button named `tile_Z_X_Y`, so the click's pixel arrives as `tile_Z_X_Y.x` and `.y`; without it the tiles are pictures.
 * Pan and zoom are links when `href` is given, else buttons `tile_centre` = `Z/X/Y` of the surrounding form.
 * Tiles are never scaled, or the pixel would be wrong; a narrow screen shows the middle of the view.
 */
export function MapTiles(props: {
  centre: TileCentre;
  tileUrl: (z: number, x: number, y: number) => string;
  label: string;
  pins?: readonly MapPin[];
  pick?: boolean;
  href?: (centre: TileCentre) => string;
  minZoom?: number;
  maxZoom?: number;
  attribution?: ComponentChildren;
}) {
  const words = useWords();
  const { centre, pins = [] } = props;
  const offsets = [-1, 0, 1];
  const placed = pins
    .map((pin, index) => ({
      pin,
      mark: pin.mark ?? String(index + 1),
      at: positionInView(centre, pin.lat, pin.lon),
    }))
    .filter(({ at }) => at.x >= 0 && at.y >= 0 && at.x <= 3 * tile && at.y <= 3 * tile);
  return (
    <section class="map-tiles" aria-label={props.label}>
      <div class="map-window">
        <div class="map-view">
          {offsets.flatMap((dy) =>
            offsets.map((dx) => {
              const { z } = centre;
              const x = centre.x + dx;
              const y = centre.y + dy;
              const place = words.tilePlaces[(dy + 1) * 3 + dx + 1]!;
              const source = props.tileUrl(z, x, y);
              return props.pick ? (
                <input
                  key={`${x}/${y}`}
                  type="image"
                  name={`tile_${z}_${x}_${y}`}
                  src={source}
                  alt={words.pickHere(place)}
                  width={tile}
                  height={tile}
                />
              ) : (
                <img key={`${x}/${y}`} src={source} alt="" width={tile} height={tile} />
              );
            }),
          )}
          {placed.length > 0 && (
            <svg class="map-pins" viewBox="0 0 768 768" width="768" height="768" aria-hidden="true">
              {placed.map(({ pin, mark, at }) => (
                <PinShape key={`${mark} ${pin.label}`} pin={pin} mark={mark} x={at.x} y={at.y} />
              ))}
            </svg>
          )}
        </div>
        <MapControls {...props} />
        {props.attribution && <p class="map-attribution">{props.attribution}</p>}
      </div>
      {pins.length > longList ? (
        <Details summary={words.pins(pins.length)}>
          <PinList pins={pins} />
        </Details>
      ) : (
        pins.length > 0 && <PinList pins={pins} />
      )}
    </section>
  );
}

/** More pins than these stand folded below the map. */
const longList = 24;

function PinList(props: { pins: readonly MapPin[] }) {
  return (
    <ol class="map-list">
      {props.pins.map((pin, index) => (
        <li key={`${pin.label} ${index}`}>
          <span class={`map-mark ${pin.tone ?? 'info'}`} aria-hidden="true">
            {pin.mark ?? index + 1}
          </span>
          {pin.href ? <a href={pin.href}>{pin.label}</a> : pin.label}
        </li>
      ))}
    </ol>
  );
}

/** The pin is a link for the pointer; people who listen use the list below, which has the same links. */
function PinShape(props: { pin: MapPin; mark: string; x: number; y: number }) {
  const shape = (
    <g
      class={`pin ${props.pin.tone ?? 'info'}`}
      transform={`translate(${props.x.toFixed(1)} ${props.y.toFixed(1)})`}
    >
      <path d="M0 0C-4-8-15-15-15-26a15 15 0 0 1 30 0C15-15 4-8 0 0Z" />
      <text y="-21" text-anchor="middle">
        {props.mark}
      </text>
    </g>
  );
  return props.pin.href ? (
    <a href={props.pin.href} tabindex={-1}>
      {shape}
    </a>
  ) : (
    shape
  );
}

function MapControls(props: {
  centre: TileCentre;
  href?: (centre: TileCentre) => string;
  minZoom?: number;
  maxZoom?: number;
}) {
  const words = useWords();
  const { z, x, y } = props.centre;
  const moves: { to: TileCentre; label: string; icon: IconName; place: string; shown: boolean }[] = [
    { to: { z, x, y: y - 1 }, label: words.pan.north, icon: 'down', place: 'north', shown: y > 0 },
    { to: { z, x: x - 1, y }, label: words.pan.west, icon: 'down', place: 'west', shown: x > 0 },
    { to: { z, x: x + 1, y }, label: words.pan.east, icon: 'down', place: 'east', shown: true },
    { to: { z, x, y: y + 1 }, label: words.pan.south, icon: 'down', place: 'south', shown: true },
    {
      to: { z: z + 1, x: x * 2, y: y * 2 },
      label: words.zoomIn,
      icon: 'plus',
      place: 'in',
      shown: z < (props.maxZoom ?? 18),
    },
    {
      to: { z: z - 1, x: Math.floor(x / 2), y: Math.floor(y / 2) },
      label: words.zoomOut,
      icon: 'minus',
      place: 'out',
      shown: z > (props.minZoom ?? 9),
    },
  ];
  return (
    <>
      {moves
        .filter((move) => move.shown)
        .map(({ to, label, icon, place }) => {
          const inner = (
            <>
              <Icon name={icon} />
              <span class="visually-hidden">{label}</span>
            </>
          );
          return props.href ? (
            <a key={place} class={`map-move ${place}`} href={props.href(to)} title={label}>
              {inner}
            </a>
          ) : (
            <button
              key={place}
              class={`map-move ${place}`}
              type="submit"
              name="tile_centre"
              value={`${to.z}/${to.x}/${to.y}`}
              title={label}
            >
              {inner}
            </button>
          );
        })}
    </>
  );
}
