import { gzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '#platform/database/testing.ts';
import { pointOfPixel, tileAt } from '#platform/geo/web-mercator.ts';
import { createApp } from '#platform/http/app.ts';
import { anonymous, systemActor } from '#platform/work.ts';
import { contactCentreData } from '../../../../city/dnipro/index.ts';
import { loadCityData, readCity } from '../city.ts';
import { contactCentre } from '../index.ts';
import { registerRequest } from '../requests.ts';
import { seedRequests } from '../seeding.ts';

const platform = await testPlatform({ systems: [contactCentre] });
const app = createApp(platform);
const houses = contactCentreData.buildings.slice(0, 60);

beforeAll(async () => {
  await platform.work(systemActor('test'), (work) => loadCityData(work, contactCentreData));
  await platform.work(anonymous, async (work) => {
    for (const [i, house] of houses.entries())
      await registerRequest(work, {
        source: 'web',
        intakeKey: `layer-${i}`,
        category: i % 3 ? 'road-sign' : 'tree-dead',
        text: 'Яма на дорозі',
        place: { point: { lat: house.lat, lon: house.lon } },
        reporter: { channel: 'web', language: 'uk' },
      });
  });
});

async function read(path: string) {
  const answer = await app.request(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
  return new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer()))).layers;
}

/** Counts of all tiles of the zoom in which a request may lie. */
async function sum(z: number, query = ''): Promise<number> {
  const tiles = new Set(
    houses.map(({ lat, lon }) => {
      const { x, y } = tileAt(z, { lat, lon });
      return `${z}/${x}/${y}`;
    }),
  );
  let total = 0;
  for (const tile of tiles) {
    const { requests } = await read(`/contact-centre/layers/requests/${tile}${query}`);
    for (let i = 0; i < (requests?.length ?? 0); i++) total += Number(requests!.feature(i).properties.count);
  }
  return total;
}

const counted = async (where = 'true') =>
  Number((await platform.pool.query(`select count(*) as n from cc_request where ${where}`)).rows[0].n);

describe('the map without scripts', () => {
  it('shows every cluster of the view, the sum of their counts is what SQL counts, and each leads on', async () => {
    // A tenth of a tile apart and more: as many cells as a view can have.
    const z = 12;
    const middle = tileAt(z, houses[0]!);
    const { settings } = await readCity(platform.db);
    const spots = Array.from({ length: 144 }, (_, i) =>
      pointOfPixel(z, middle.x - 1, middle.y - 1, (i % 12) * 64 + 32, Math.floor(i / 12) * 64 + 32),
    );
    await seedRequests(
      platform.db,
      spots.map(({ lat, lon }) => ({
        lat,
        lon,
        category: 'road-sign',
        branch: 'roads',
        organisation: 'shliah',
      })),
      settings.centre,
    );
    const path = `/contact-centre/map?z=${z}&x=${middle.x}&y=${middle.y}&organisation=shliah`;
    const html = await (await app.request(path)).text();
    const list = /<ol class="map-list">(.*?)<\/ol>/s.exec(html)![1]!;
    const marks = [...list.matchAll(/<span class="map-mark[^>]*>(\d+)<\/span><a href="([^"]+)"/g)];
    expect(marks.length).toBeGreaterThan(100);
    expect([...html.matchAll(/class="pin /g)]).toHaveLength(marks.length);
    const total = Number(/На цій ділянці (\d+) заяв/.exec(html)![1]);
    expect(marks.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(total);
    expect(total).toBe(await counted("organisation = 'shliah' and branch = 'roads'"));
    expect(html).toContain(`Усі позначки списком (${marks.length})`);
    expect(gzipSync(html).length).toBeLessThan(24 * 1024);
    const closer = await app.request(marks[0]![2]!.replaceAll('&amp;', '&'));
    expect(closer.status).toBe(200);
    await platform.pool.query(`delete from cc_request where intake_key = number`);
  });
});

describe('the layers of the map', () => {
  it.each([8, 11, 13, 16, 19])('at zoom %i the counts of all tiles add up to what SQL counts', async (z) => {
    expect(await sum(z)).toBe(await counted());
    expect(await sum(z, '?branch=trees')).toBe(await counted("branch = 'trees'"));
    expect(await sum(z, '?state=claimed')).toBe(0);
  });

  it('draw the ground from the city’s own data', async () => {
    const { x, y } = tileAt(13, houses[0]!);
    const ground = await read(`/contact-centre/layers/city/13/${x}/${y}`);
    expect(Object.keys(ground)).toContain('streets');
    expect(ground.streets!.feature(0).properties.name).toMatch(/\S+ \S+/);
  });

  it('are asked for again by their mark, and answer 404 for what is no tile', async () => {
    const path = '/contact-centre/layers/city/12/2446/1417';
    const first = await app.request(path);
    const again = await app.request(path, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect(again.status).toBe(304);
    for (const wrong of ['city/12/99999/1', 'city/3/1/1', 'city/x/1/1', 'people/12/2446/1417'])
      expect((await app.request(`/contact-centre/layers/${wrong}`)).status).toBe(404);
  });
});
