import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { testPlatform } from '../database/testing.ts';
import {
  areaAt,
  covers,
  fromGeoJson,
  fromMetres,
  isNearCity,
  isSwapped,
  near,
  type Point,
  type Position,
  pointText,
  toGeoJson,
  toMetres,
} from './index.ts';

const centre: Position = [35.046, 48.464];
const city = {
  centre,
  bounds: [
    [34.75, 48.35],
    [35.3, 48.58],
  ] as [Position, Position],
};
const square = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

/**
 * Distance over the WGS84 ellipsoid, metres: haversine with the radii of curvature at the middle latitude. A sphere would
 * itself be wrong by 0.3 % here, a metre and a half at 500 m.
 */
function geodesic(a: Point, b: Point): number {
  const rad = Math.PI / 180;
  const [equator, squared] = [6_378_137, 0.006_694_379_990_14];
  const sin = Math.sin(((a.lat + b.lat) / 2) * rad);
  const across = equator / Math.sqrt(1 - squared * sin * sin);
  const along = (across * (1 - squared)) / (1 - squared * sin * sin);
  const h =
    (along * Math.sin(((b.lat - a.lat) * rad) / 2)) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * (across * Math.sin(((b.lon - a.lon) * rad) / 2)) ** 2;
  return 2 * Math.sqrt(h);
}

/** Repeatable randomness. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

describe('the city’s box', () => {
  it('takes points up to thirty kilometres beyond and refuses 0,0 and other cities', () => {
    expect(isNearCity(city, { lat: 48.464, lon: 35.046 })).toBe(true);
    expect(isNearCity(city, { lat: 48.58 + 0.26, lon: 35.046 })).toBe(true);
    expect(isNearCity(city, { lat: 48.58 + 0.28, lon: 35.046 })).toBe(false);
    expect(isNearCity(city, { lat: 0, lon: 0 })).toBe(false);
    expect(isNearCity(city, { lat: 50.45, lon: 30.52 })).toBe(false);
  });

  it('knows a latitude that stands where the longitude belongs', () => {
    expect(isSwapped(city, { lat: 35.046, lon: 48.464 })).toBe(true);
    expect(isSwapped(city, { lat: 48.464, lon: 35.046 })).toBe(false);
    expect(isSwapped(city, { lat: 0, lon: 0 })).toBe(false);
  });
});

describe('areas', () => {
  const west = {
    code: 'b-west',
    rings: [
      { ring: square(0, 0, 2, 2), hole: false },
      { ring: square(0.5, 0.5, 1, 1), hole: true },
      { ring: square(10, 0, 11, 1), hole: false },
    ],
  };
  const east = { code: 'a-east', rings: [{ ring: square(2, 0, 4, 2), hole: false }] };

  it('hold what is in a part and in no hole', () => {
    expect(covers(west, { lon: 0.2, lat: 0.2 })).toBe(true);
    expect(covers(west, { lon: 0.7, lat: 0.7 })).toBe(false);
    expect(covers(west, { lon: 10.5, lat: 0.5 })).toBe(true);
    expect(covers(west, { lon: 3, lat: 1 })).toBe(false);
  });

  it('give a point of their common border to the lower code, in whatever order they come', () => {
    for (const lat of [0, 0.3, 1, 2])
      for (const order of [
        [west, east],
        [east, west],
      ])
        expect(areaAt(order, { lon: 2, lat })?.code).toBe('a-east');
    expect(areaAt([west, east], { lon: 1.9, lat: 1 })?.code).toBe('b-west');
    expect(areaAt([west, east], { lon: 5, lat: 1 })).toBeNull();
  });

  it('go out as GeoJSON and come back as they were', () => {
    const document = toGeoJson([west, east], (area) => ({ name: area.code }));
    expect(document.features[0]!.geometry.coordinates.map((polygon) => polygon.length)).toEqual([2, 1]);
    const back = fromGeoJson(JSON.parse(JSON.stringify(document)));
    expect(back.map((one) => one.code)).toEqual(['b-west', 'a-east']);
    const random = randomFrom(5);
    for (let i = 0; i < 500; i++) {
      const point = { lon: random() * 12 - 0.5, lat: random() * 3 - 0.5 };
      expect(areaAt(back, point)?.code).toBe(areaAt([west, east], point)?.code);
    }
  });

  it.each([
    ['{}', /FeatureCollection/],
    ['{"type":"FeatureCollection","features":[{}]}', /feature 1: neither id/],
    [
      '{"type":"FeatureCollection","features":[{"id":"x","geometry":{"type":"Point","coordinates":[1,2]}}]}',
      /"x": not a Polygon/,
    ],
    [
      '{"type":"FeatureCollection","features":[{"id":"x","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}}]}',
      /not closed/,
    ],
    [
      '{"type":"FeatureCollection","features":[{"id":"x","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,"a"],[1,1],[0,0]]]}}]}',
      /not a longitude/,
    ],
  ])('in a file %s are refused with the reason', (text, reason) =>
    expect(() => fromGeoJson(JSON.parse(text))).toThrow(reason),
  );
});

describe('local metres', () => {
  it('and back are the same place', () => {
    const point = { lat: 48.5123, lon: 34.9876 };
    const back = fromMetres(centre, toMetres(centre, point));
    expect(back.lat).toBeCloseTo(point.lat, 9);
    expect(back.lon).toBeCloseTo(point.lon, 9);
  });

  it('find with the database’s index what measuring every point finds, wrong by 1.5 m at most within 500 m', async () => {
    const { db } = await testPlatform();
    const random = randomFrom(11);
    const anywhere = (): Point => ({ lon: 34.85 + random() * 0.35, lat: 48.38 + random() * 0.17 });
    const points = Array.from({ length: 20_000 }, anywhere);
    await db.execute(sql`create table geo_test (id int primary key, place point not null)`);
    const rows = points.map((point, id) => ({ id, place: pointText(toMetres(centre, point)) }));
    await db.execute(sql`insert into geo_test select id, place::point
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t(id int, place text)`);
    await db.execute(sql`create index on geo_test using gist (place)`);
    let worst = 0;
    for (let i = 0; i < 60; i++) {
      const at = anywhere();
      const { where, distance, order } = near(sql`place`, toMetres(centre, at), 500);
      const { rows: found } = await db.execute<{ id: number; metres: number }>(
        sql`select id, ${distance} as metres from geo_test where ${where} order by ${order}`,
      );
      for (const { id, metres } of found)
        worst = Math.max(worst, Math.abs(metres - geodesic(at, points[id]!)));
      const ids = new Set(found.map((row) => row.id));
      const wrong = points.filter((point, id) => {
        const metres = geodesic(at, point);
        return (metres <= 498.5 && !ids.has(id)) || (metres > 501.5 && ids.has(id));
      });
      expect(wrong).toEqual([]);
    }
    expect(worst).toBeLessThanOrEqual(1.5);
  });
});
