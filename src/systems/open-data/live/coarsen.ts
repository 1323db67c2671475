import { localDate, localTime } from '#platform/calendar/index.ts';
import type { Coarseness } from '#platform/live-data.ts';

/** How finely times may be known. */
type TimeStep = Extract<Coarseness, 'hour' | 'day' | 'month' | 'year'>;

/** A time in Kyiv no finer than the step: `2026-11-24T13:00:00`, `2026-11-24`, `2026-11`, `2026`. */
export function coarseTime(instant: Date, to: TimeStep): string {
  const day = localDate(instant);
  if (to === 'hour') return `${day}T${localTime(instant).slice(0, 2)}:00:00`;
  return day.slice(0, { day: 10, month: 7, year: 4 }[to]);
}

const parts =
  'буд|будинок|будинку|корп|корпус|к|кв|квартира|квартири|під|підʼїзд|під’їзд|п-д|секція|секц|літ|літера|оф|офіс|прим|приміщення|flat|apt|house';
/** A number that begins the name of something, as in «вулиця 8 Березня», «вулиця 152-ї дивізії»: a word follows it. */
const numberInName = new RegExp(
  `^\\d{1,4}(?:-?[\\p{L}]{1,6})?\\s+(?!(?:${parts})(?![\\p{L}]))[\\p{L}][\\p{L}’ʼ'-]{3,}`,
  'iu',
);
const settlement = /^(?:м|місто|смт|с|село|селище|city)\.?\s/iu;
const partWord = new RegExp(`(?:^|[\\s,;(])(?:${parts})\\.?\\s*№?\\s*(?=\\d)`, 'iu');

/**
 * The street of an address, without house, block, entrance and flat. A part that may be either is taken off: a street known less
 * exactly harms nobody.
 *
 * @returns null where nothing of a street is left.
 */
export function streetOf(address: string): string | null {
  const named = address
    .normalize('NFC')
    .split(/[,;]/)
    .map((part) => part.trim())
    .find((part) => /\p{L}{3}/u.test(part) && !settlement.test(part) && !partWord.test(part.slice(0, 12)));
  if (!named) return null;
  for (const { index } of named.matchAll(/(?<![\p{L}\d])\d/gu)) {
    if (numberInName.test(named.slice(index))) continue;
    const before = named
      .slice(0, index)
      .replace(new RegExp(`(?:^|[\\s,])(?:${parts}|№)\\.?\\s*№?\\s*$`, 'iu'), '');
    const street = before.replace(/[\s№.,/-]+$/u, '').trim();
    return /\p{L}{3}/u.test(street) ? street : null;
  }
  return named;
}

const metresPerDegree = 111_320;

/**
 * The middle of the cell of a grid in which a place lies. Cells are squares of so many metres, counted from the equator and from
 * Greenwich, so the same place is always in the same cell.
 */
export function gridCell(
  place: { lat: number; lon: number },
  metres: 100 | 500,
): { lat: number; lon: number } {
  const step = metres / metresPerDegree;
  const lat = (Math.floor(place.lat / step) + 0.5) * step;
  // A degree of longitude is shorter towards the poles; all places of a row of cells take the width of its middle.
  const wide = step / Math.cos((lat * Math.PI) / 180);
  const lon = (Math.floor(place.lon / wide) + 0.5) * wide;
  return { lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) };
}
