import { isNearCity } from '#platform/geo/index.ts';
import { pointOfPixel, tileAt } from '#platform/geo/web-mercator.ts';
import type { Platform } from '#platform/system.ts';
import { Actions, Button, Form, MapTiles, Radios, TextArea, TextInput } from '#ui/index.ts';
import { findAddress } from '../../addresses.ts';
import { readCity } from '../../city.ts';
import type { DraftData } from '../draft.ts';
import { fields } from '../kit.tsx';
import { type BuildingChoice, nearestBuilding } from '../reads.ts';
import { chosenCategory } from './category.tsx';
import { formOf, goOn, type Journey, show, withDraft } from './journey.tsx';
import { neighbours } from './nearby.tsx';

interface Shown {
  readonly address?: string;
  readonly words?: string;
  readonly choices?: readonly BuildingChoice[];
  readonly describe?: boolean;
  readonly centre?: { z: number; x: number; y: number };
  readonly faults?: readonly { field: string; message: string }[];
}

/** Step 1: a typed address with choices, a click on the map, or words. */
export const placePage = (platform: Platform) =>
  withDraft(platform, 'place', (journey) => {
    const place = journey.draft.data.place;
    return draw(journey, {
      ...(place?.address ? { address: place.address } : {}),
      ...(place?.words ? { words: place.words, describe: true } : {}),
    });
  });

export const placeAnswer = (platform: Platform) =>
  withDraft(platform, 'place', async (journey) => {
    const { c, words } = journey;
    const typed = await fields(c);
    const moved = /^(\d+)\/(\d+)\/(\d+)$/.exec(typed.tile_centre ?? '');
    const address = (typed.address ?? '').slice(0, 200);
    if (moved) {
      const [z, x, y] = moved.slice(1).map(Number) as [number, number, number];
      return draw(journey, { address, centre: { z, x, y } });
    }
    const click = clicked(typed);
    if (click) return byPoint(journey, click);
    if (typed.words)
      return keep(journey, { words: typed.words.slice(0, 500), ...(address ? { address } : {}) });
    if (typed.building === 'none' || typed.describe)
      return draw(journey, {
        address,
        describe: true,
        ...(typed.describe ? { faults: [{ field: 'words', message: words.place.describe }] } : {}),
      });
    if (!address && !typed.building)
      return draw(journey, { faults: [{ field: 'address', message: words.place.missing }] });
    const { building, confidence, alternatives: found, flat } = await findAddress(platform.db, address);
    const chosen =
      found.find((one) => one.id === typed.building) ??
      (confidence === 'high' && building ? building : undefined);
    if (chosen)
      return keep(journey, {
        building: chosen.id,
        address: chosen.address,
        lat: chosen.lat,
        lon: chosen.lon,
        ...(flat ? { flat } : {}),
      });
    if (found.length > 0)
      return draw(journey, {
        address,
        choices: found,
        ...(typed.choosing ? { faults: [{ field: 'building', message: words.place.choose }] } : {}),
      });
    return draw(journey, {
      address,
      describe: true,
      faults: [{ field: 'words', message: words.place.unknown }],
    });
  });

/** `tile_Z_X_Y.x` and `.y`: the pixel of the tile that was pressed. */
function clicked(typed: Readonly<Record<string, string>>): { lat: number; lon: number } | null {
  for (const [name, value] of Object.entries(typed)) {
    const tile = /^tile_(\d{1,2})_(\d+)_(\d+)\.x$/.exec(name);
    if (!tile) continue;
    const [z, x, y] = tile.slice(1).map(Number) as [number, number, number];
    return pointOfPixel(z, x, y, Number(value) || 0, Number(typed[name.replace(/x$/, 'y')]) || 0);
  }
  return null;
}

async function byPoint(journey: Journey, point: { lat: number; lon: number }): Promise<Response> {
  const { settings } = await readCity(journey.platform.db);
  if (!isNearCity(settings, point))
    return draw(journey, { faults: [{ field: 'address', message: journey.words.place.outside }] });
  const near = await nearestBuilding(journey.platform.db, settings.centre, point);
  return keep(journey, {
    lat: point.lat,
    lon: point.lon,
    ...(near && near.metres <= 25 ? { building: near.id } : {}),
    ...(near ? { address: near.address } : {}),
  });
}

/** A new place makes the neighbours new too; the page about them is left out when there are none. */
async function keep(journey: Journey, place: DraftData['place'] & {}): Promise<Response> {
  const { draft } = journey;
  const flat = draft.data.place?.flat;
  const sought = await soughtCategory(journey);
  const near = await neighbours(journey, { ...draft.data, ...sought, place, others: [] });
  return goOn(journey, {
    ...sought,
    place: { ...(flat ? { flat } : {}), ...place },
    nearbySeen: near.length === 0,
    noNearby: near.length === 0,
    others: [],
    join: null,
  });
}

/** A category that was found by the search of the city comes with the address of the page. */
async function soughtCategory({ c, platform, draft }: Journey): Promise<DraftData> {
  const { leaves } = await readCity(platform.db);
  const leaf = leaves.get(c.req.query('category') ?? '')?.leaf;
  return leaf && !leaf.successor && !leaf.stopper && !leaf.competence ? chosenCategory(draft.data, leaf) : {};
}

async function draw(journey: Journey, shown: Shown): Promise<Response> {
  const { words, draft, platform } = journey;
  const { settings } = await readCity(platform.db);
  const known = draft.data.place;
  const point =
    known?.lat !== undefined && known.lon !== undefined ? { lat: known.lat, lon: known.lon } : null;
  const centre =
    shown.centre ?? tileAt(point ? 15 : 12, point ?? { lon: settings.centre[0], lat: settings.centre[1] });
  const form = formOf(journey, 'place', shown.faults);
  const body = shown.choices ? (
    <Form {...form} hidden={{ address: shown.address, choosing: '1' }}>
      <Radios
        name="building"
        label={words.place.which}
        heading
        options={[
          ...shown.choices.map((one) => ({ value: one.id, label: one.address })),
          { value: 'none', label: words.place.none },
        ]}
      />
      <Actions>
        <Button>{words.next}</Button>
      </Actions>
    </Form>
  ) : shown.describe ? (
    <Form {...form} hidden={{ address: shown.address, describe: '1' }}>
      <TextArea
        name="words"
        label={words.place.words}
        heading
        hint={words.place.wordsHint}
        rows={3}
        maxlength={500}
        value={shown.words ?? ''}
      />
      <Actions>
        <Button>{words.next}</Button>
      </Actions>
    </Form>
  ) : (
    // One form: a map that is panned or pressed brings along what was typed.
    <Form {...form}>
      <TextInput
        name="address"
        label={words.place.ask}
        heading
        hint={words.place.hint}
        autocomplete="street-address"
        value={shown.address ?? ''}
      />
      <Actions>
        <Button>{words.next}</Button>
      </Actions>
      <h2>{words.place.map}</h2>
      <p class="hint">{words.place.mapHint}</p>
      <MapTiles
        pick
        centre={centre}
        minZoom={11}
        maxZoom={18}
        label={words.place.map}
        tileUrl={(z, x, y) => `/contact-centre/tiles/${z}/${x}/${y}`}
      />
    </Form>
  );
  return show(journey, 'place', words.place.ask, body, shown.faults ?? []);
}
