import { normalForm } from '../checks/normal-form.ts';
import type { PlaceColumns } from './question.ts';
import { type Field, isNumber } from './table.ts';

/** By the last word of the name: `lat`, `stop_lat`, «широта». */
const latitude = /(^|[_\s.-])(lat|latitude|широта)$/;
const longitude = /(^|[_\s.-])(lon|lng|long|longitude|довгота)$/;

/** The columns in which the place of a row stands, by what they are called; null: the table has none. */
export function placeColumns(fields: readonly Field[]): PlaceColumns | null {
  const numbers = fields.filter(({ type }) => isNumber(type));
  const found = (pattern: RegExp) =>
    numbers.find(({ id, info }) => [id, String(info?.label ?? '')].some((name) => pattern.test(plain(name))));
  const [lat, lon] = [found(latitude), found(longitude)];
  return lat && lon ? { lat: lat.id, lon: lon.id } : null;
}

/** Small letters; a code in look-alike letters is the code. */
function plain(name: string): string {
  const small = name.normalize('NFC').trim().toLowerCase();
  return ['lat', 'lon', 'lng'].includes(normalForm(small)) ? normalForm(small) : small;
}
