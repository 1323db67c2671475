import { expect, it } from 'vitest';
import { placeColumns } from './place-columns.ts';
import type { Field } from './table.ts';

const fields = (...ids: string[]): Field[] => ids.map((id) => ({ id, type: 'numeric' }));

it('places are found by what the columns are called, in GTFS, in the official tables and in Ukrainian', () => {
  expect(placeColumns(fields('a', 'lat', 'lon'))).toEqual({ lat: 'lat', lon: 'lon' });
  expect(placeColumns(fields('stop_lat', 'stop_lon'))).toEqual({ lat: 'stop_lat', lon: 'stop_lon' });
  expect(placeColumns(fields('Широта', 'Довгота'))).toEqual({ lat: 'Широта', lon: 'Довгота' });
  expect(placeColumns(fields('Latitude', 'longitude'))).toEqual({ lat: 'Latitude', lon: 'longitude' });
  // A Cyrillic «а» in a Latin name.
  expect(placeColumns(fields('l\u0430t', 'lon'))).toEqual({ lat: 'l\u0430t', lon: 'lon' });
});

it('a word that only begins so, a text or one column alone is no place', () => {
  expect(placeColumns(fields('plat', 'balance', 'salon'))).toBeNull();
  expect(placeColumns(fields('lat'))).toBeNull();
  expect(
    placeColumns([
      { id: 'lat', type: 'text' },
      { id: 'lon', type: 'text' },
    ]),
  ).toBeNull();
});
