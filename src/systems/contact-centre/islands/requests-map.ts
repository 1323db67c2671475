import {
  AttributionControl,
  type GeoJSONFeature,
  Map as LiveMap,
  Marker,
  NavigationControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';

interface Props {
  /** The tile in the middle of the view. */
  readonly centre: { readonly z: number; readonly x: number; readonly y: number };
  readonly minZoom: number;
  readonly maxZoom: number;
  /** The filter, as the page's address has it. */
  readonly query: string;
  /** Background tiles of somebody else; none by default. */
  readonly background: string | null;
  readonly path: string;
  readonly request: string;
  readonly words: Readonly<
    Record<'map' | 'many' | 'one' | 'open' | 'list' | 'failed' | 'zoomIn' | 'zoomOut', string>
  >;
}

const layersPath = '/contact-centre/layers';

/** A map to drag in place of the nine tiles; where the browser cannot draw it, the tiles stay. */
export function enhance(element: HTMLElement, props: Props): void {
  const still = element.querySelector<HTMLElement>('.map-tiles');
  if (!still) return;
  setWorkerUrl(new URL(workerUrl, location.href).href);
  const canvas = document.createElement('div');
  canvas.className = 'map-live';
  element.prepend(canvas);
  let map: LiveMap;
  try {
    map = new LiveMap({
      container: canvas,
      style: styleOf(props),
      ...viewOf(props.centre),
      minZoom: props.minZoom - 1,
      maxZoom: props.maxZoom - 1,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: matchMedia('(pointer: coarse)').matches,
      locale: {
        'NavigationControl.ZoomIn': props.words.zoomIn,
        'NavigationControl.ZoomOut': props.words.zoomOut,
        'Map.Title': props.words.map,
      },
    });
  } catch {
    canvas.remove();
    return;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  if (props.background) map.addControl(new AttributionControl());
  const list = document.createElement('a');
  list.className = 'more';
  list.textContent = props.words.list;
  const failed = document.createElement('p');
  failed.setAttribute('role', 'status');
  canvas.after(failed, list);

  const pins = pinsOf(map, props);
  map.once('load', () => {
    still.hidden = true;
    pins.draw();
  });
  map.on('idle', () => {
    pins.draw();
    const address = addressOf(map, props);
    list.href = address;
    history.replaceState(history.state, '', address);
  });
  map.on('error', () => {
    failed.textContent = props.words.failed;
  });
  map.on('data', () => {
    failed.textContent = '';
  });
}

/** Requests as links above the map: they are read out, reached by Tab, and opened in a new tab like any link. */
function pinsOf(map: LiveMap, props: Props) {
  let shown = new Map<string, Marker>();
  return {
    draw() {
      const next = new Map<string, Marker>();
      for (const feature of map.querySourceFeatures('requests', { sourceLayer: 'requests' })) {
        const key = keyOf(feature);
        if (next.has(key)) continue;
        const place = placeOf(feature);
        if (!place || !map.getBounds().contains(place)) continue;
        next.set(
          key,
          shown.get(key) ??
            new Marker({ element: pinOf(map, props, feature, place), anchor: 'center' })
              .setLngLat(place)
              .addTo(map),
        );
      }
      for (const [key, marker] of shown) if (!next.has(key)) marker.remove();
      shown = next;
    },
  };
}

function placeOf({ geometry }: GeoJSONFeature): [number, number] | null {
  return geometry.type === 'Point' ? [geometry.coordinates[0]!, geometry.coordinates[1]!] : null;
}

function keyOf(feature: GeoJSONFeature): string {
  const place = placeOf(feature)?.map((value) => value.toFixed(5));
  return `${place} ${feature.properties.count} ${feature.properties.state}`;
}

const tones: Readonly<Record<string, string>> = { claimed: 'warning', rework: 'danger', closed: 'good' };

function pinOf(
  map: LiveMap,
  props: Props,
  { properties }: GeoJSONFeature,
  at: [number, number],
): HTMLElement {
  const pin = document.createElement('a');
  const { count, number, state } = properties as { count: number; number?: string; state?: string };
  pin.className = `map-pin ${number ? (tones[state ?? ''] ?? 'info') : 'chosen'}`;
  pin.textContent = new Intl.NumberFormat(document.documentElement.lang, { notation: 'compact' }).format(
    count,
  );
  pin.href = number ? `${props.request}${number}` : addressOf(map, props, at);
  const label = number
    ? props.words.one.replace('{n}', number)
    : props.words.many.replace('{n}', String(count));
  pin.title = label;
  pin.setAttribute('aria-label', label);
  if (!number)
    pin.addEventListener('click', (press) => {
      if (press.ctrlKey || press.metaKey || press.shiftKey) return;
      press.preventDefault();
      map.easeTo({
        center: at,
        zoom: map.getZoom() + 2,
        animate: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      });
    });
  return pin;
}

/** The renderer's tiles are 512 pixels wide, those of the page 256: its zoom is one less. */
function viewOf({ z, x, y }: Props['centre']): { center: [number, number]; zoom: number } {
  const scale = 2 ** z;
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + 0.5)) / scale))) * 180) / Math.PI;
  return { center: [((x + 0.5) / scale) * 360 - 180, latitude], zoom: z - 1 };
}

/** The same view as the page without scripts has it. */
function addressOf(map: LiveMap, props: Props, at?: [number, number]): string {
  const z = Math.min(props.maxZoom, Math.max(props.minZoom, Math.round(map.getZoom()) + 1 + (at ? 2 : 0)));
  const { lng, lat } = at ? { lng: at[0], lat: at[1] } : map.getCenter();
  const scale = 2 ** z;
  const query = new URLSearchParams(props.query);
  query.set('z', String(z));
  query.set('x', String(Math.floor(((lng + 180) / 360) * scale)));
  query.set(
    'y',
    String(Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * scale)),
  );
  return `${props.path}?${query}`;
}

function styleOf(props: Props): StyleSpecification {
  const tiles = (layer: string, query = '') => [
    `${location.origin}${layersPath}/${layer}/{z}/{x}/{y}${query && `?${query}`}`,
  ];
  const font = { 'text-font': ['Geologica Variable', 'sans-serif'] };
  const halo = {
    'text-color': colour('--ink'),
    'text-halo-color': colour('--surface'),
    'text-halo-width': 1.5,
  };
  const zooms = { minzoom: 8, maxzoom: 16 };
  return {
    version: 8,
    sources: {
      city: { type: 'vector', tiles: tiles('city'), ...zooms },
      requests: { type: 'vector', tiles: tiles('requests', props.query), minzoom: 8, maxzoom: 19 },
      ...(props.background
        ? { background: { type: 'raster' as const, tiles: [props.background], tileSize: 256 } }
        : {}),
    },
    layers: [
      { id: 'paper', type: 'background', paint: { 'background-color': colour('--sunken') } },
      ...(props.background
        ? [{ id: 'background', type: 'raster' as const, source: 'background' }]
        : [
            {
              id: 'districts',
              type: 'fill' as const,
              source: 'city',
              'source-layer': 'districts',
              paint: { 'fill-color': colour('--surface'), 'fill-outline-color': colour('--edge') },
            },
            {
              id: 'river',
              type: 'fill' as const,
              source: 'city',
              'source-layer': 'river',
              paint: { 'fill-color': colour('--info-soft') },
            },
            {
              id: 'streets',
              type: 'line' as const,
              source: 'city',
              'source-layer': 'streets',
              layout: { 'line-cap': 'round' as const },
              paint: {
                'line-color': colour('--series-2'),
                'line-opacity': 0.7,
                'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 17, 9] as never,
              },
            },
            {
              id: 'buildings',
              type: 'circle' as const,
              source: 'city',
              'source-layer': 'buildings',
              minzoom: 14,
              paint: { 'circle-radius': 4, 'circle-color': colour('--neutral') },
            },
            {
              id: 'street-names',
              type: 'symbol' as const,
              source: 'city',
              'source-layer': 'streets',
              minzoom: 12,
              layout: {
                ...font,
                'text-field': ['get', 'name'] as never,
                'symbol-placement': 'line' as const,
                'text-size': 13,
              },
              paint: halo,
            },
            {
              id: 'houses',
              type: 'symbol' as const,
              source: 'city',
              'source-layer': 'buildings',
              minzoom: 15,
              layout: {
                ...font,
                'text-field': ['get', 'house'] as never,
                'text-size': 11,
                'text-offset': [0, -1] as [number, number],
              },
              paint: halo,
            },
          ]),
      // Never seen: the renderer loads a source only for a layer, and the pins are drawn as links.
      {
        id: 'requests',
        type: 'circle',
        source: 'requests',
        'source-layer': 'requests',
        paint: { 'circle-radius': 1, 'circle-opacity': 0 },
      },
    ],
  };
}

/** A colour of the design system as it is now, light or dark. */
function colour(token: string): string {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(${token})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}
