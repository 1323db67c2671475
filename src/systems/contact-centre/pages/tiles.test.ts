import { describe, expect, it } from 'vitest';
import { inTile, pointOfPixel, tileAt } from '#platform/geo/web-mercator.ts';
import * as dnipro from '../../../../city/dnipro/index.ts';
import { drawTile, type MapLayers } from './tiles.ts';

const layers: MapLayers = { ...dnipro, ...dnipro.contactCentreData.ground! };

describe('the tiles of the map that needs no script', () => {
  it('give back the pixel that was clicked, everywhere in the city and at every zoom', () => {
    for (const building of dnipro.buildings.filter((_, index) => index % 25 === 0))
      for (const z of [12, 15, 18]) {
        const [lon, lat] = building.point;
        const { x, y } = tileAt(z, { lat, lon });
        const [px, py] = inTile(z, x, y, [lon, lat]);
        expect(px >= 0 && px < 256 && py >= 0 && py < 256).toBe(true);
        const back = pointOfPixel(z, x, y, px, py);
        expect(back.lat).toBeCloseTo(lat, 9);
        expect(back.lon).toBeCloseTo(lon, 9);
      }
  });

  it('follow the formula of the specification', () => {
    expect(pointOfPixel(0, 0, 0, 128, 128)).toEqual({ lon: 0, lat: 0 });
    expect(pointOfPixel(1, 1, 0, 0, 0).lon).toBe(0);
  });

  it('show the river, streets by name and houses by number when there is room', () => {
    const { z, x, y } = tileAt(17, {
      lat: dnipro.buildings[0]!.point[1],
      lon: dnipro.buildings[0]!.point[0],
    });
    const near = drawTile(layers, z, x, y);
    expect(near).toContain(`>${dnipro.buildings[0]!.house}</text>`);
    const street = drawTile(
      layers,
      14,
      ...(Object.values(tileAt(14, { lat: 48.467, lon: 35.0375 })).slice(1) as [number, number]),
    );
    expect(street).toContain('Яворницького');
    const far = drawTile(layers, 11, 1222, 708);
    expect(far).not.toContain('<text');
    expect(far.length).toBeLessThan(40_000);
  });
});
