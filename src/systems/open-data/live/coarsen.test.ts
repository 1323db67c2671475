// Keeps: house → street or grid, times → hour, day, month, year (open-data.md 8): nothing finer is left, whatever was typed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streets } from '../../../../city/dnipro/streets.ts';
import { coarseTime, gridCell, streetOf } from './coarsen.ts';

const names = streets.map(({ type, name }) => `${type} ${name}`);
const letter = fc.constantFrom('', 'а', 'Б', '-в', '/14', '/3а', ' а');
const house = fc.tuple(fc.integer({ min: 1, max: 399 }), letter).map(([number, more]) => `${number}${more}`);
const before = fc.constantFrom(', ', ' ', ', буд. ', ', будинок ', ' буд.', ', № ', ' № ', ', д. ');
const after = fc.constantFrom(
  '',
  ', кв. 12',
  ' кв 7',
  ', корп. 2, кв. 5',
  ', підʼїзд 3',
  ' корпус 2',
  ', кв.12а, 3 поверх',
  ' / кв. 4',
);
const town = fc.constantFrom('', '49000, ', 'м. Дніпро, ', '49000, м. Дніпро, ', 'місто Дніпро, ');

describe('an address', () => {
  it('coarsened to its street is the street, whatever house, block and flat stood behind it', () => {
    fc.assert(
      fc.property(town, fc.constantFrom(...names), before, house, after, (city, name, sign, number, rest) => {
        expect(streetOf(`${city}${name}${sign}${number}${rest}`)).toBe(name);
      }),
      { numRuns: 2_000 },
    );
  });

  it('of a street that is called by a number keeps it', () => {
    for (const name of [
      'вулиця 8 Березня',
      'вулиця 152-ї Дивізії',
      'вулиця 30-річчя Перемоги',
      'площа 20 Січня',
    ])
      for (const rest of ['', ', 5', ' 12а', ', буд. 3, кв. 4']) expect(streetOf(name + rest)).toBe(name);
  });

  it('without a street is nothing', () => {
    for (const text of ['', '5', 'кв. 12', '49000', 'буд. 7, кв. 3', '12/4', 'м. Дніпро'])
      expect(streetOf(text)).toBeNull();
  });

  it('coarsened twice is as coarsened once', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
        const once = streetOf(text);
        if (once !== null) expect(streetOf(once)).toBe(once);
      }),
    );
  });
});

describe('a place', () => {
  const city = {
    lat: fc.double({ min: 48.3, max: 48.6, noNaN: true }),
    lon: fc.double({ min: 34.8, max: 35.3, noNaN: true }),
  };

  it('coarsened to a grid lies within half a cell in each direction, and many places share it', () => {
    fc.assert(
      fc.property(fc.record(city), fc.constantFrom(100 as const, 500 as const), (place, metres) => {
        const cell = gridCell(place, metres);
        const north = (cell.lat - place.lat) * 111_320;
        const east = (cell.lon - place.lon) * 111_320 * Math.cos((cell.lat * Math.PI) / 180);
        expect(Math.abs(north)).toBeLessThanOrEqual(metres / 2 + 0.2);
        expect(Math.abs(east)).toBeLessThanOrEqual(metres / 2 + 0.2);
      }),
    );
  });

  it('tells nothing but its cell: the middle of the cell is coarsened to itself, and so is all around it', () => {
    fc.assert(
      fc.property(
        fc.record(city),
        fc.double({ min: -0.48, max: 0.48, noNaN: true }),
        fc.double({ min: -0.48, max: 0.48, noNaN: true }),
        (place, up, aside) => {
          const cell = gridCell(place, 100);
          const near = {
            lat: cell.lat + (up * 100) / 111_320,
            lon: cell.lon + (aside * 100) / 111_320 / Math.cos((cell.lat * Math.PI) / 180),
          };
          expect(gridCell(near, 100)).toEqual(cell);
        },
      ),
    );
  });
});

describe('a time', () => {
  it('coarsened is that hour, day, month or year in Kyiv, and one of the next is another', () => {
    const instant = new Date('2026-11-24T22:30:59Z');
    expect(coarseTime(instant, 'hour')).toBe('2026-11-25T00:00:00');
    expect(coarseTime(instant, 'day')).toBe('2026-11-25');
    expect(coarseTime(instant, 'month')).toBe('2026-11');
    expect(coarseTime(new Date('2026-12-31T22:00:00Z'), 'year')).toBe('2027');
  });

  it('hides all that is finer: two instants of one hour cannot be told apart', () => {
    const start = Date.parse('2026-01-01T00:00:00Z');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 365 * 24 }),
        fc.integer({ min: 0, max: 3_599_999 }),
        fc.constantFrom('hour' as const, 'day' as const, 'month' as const, 'year' as const),
        (hours, rest, to) => {
          const hour = new Date(start + hours * 3_600_000);
          expect(coarseTime(new Date(hour.getTime() + rest), to)).toBe(coarseTime(hour, to));
        },
      ),
    );
  });
});
