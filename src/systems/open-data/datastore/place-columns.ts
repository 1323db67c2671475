import { normalForm } from '../checks/normal-form.ts';
import type { PlaceColumns } from './question.ts';
import { type Field, isNumber } from './table.ts';

const forms = (...headers: string[]): ReadonlySet<string> => new Set(headers.map(normalForm));
const latitudes = forms('lat', 'latitude', 'широта');
const longitudes = forms('lon', 'lng', 'long', 'longitude', 'довгота');

/** The columns in which the place of a row stands, by what they are called; null: the table has none. */
export function placeColumns(fields: readonly Field[]): PlaceColumns | null {
  const numbers = fields.filter(({ type }) => isNumber(type));
  const found = (headers: ReadonlySet<string>) =>
    numbers.find(
      ({ id, info }) => headers.has(normalForm(id)) || headers.has(normalForm(String(info?.label ?? ''))),
    );
  const [lat, lon] = [found(latitudes), found(longitudes)];
  return lat && lon ? { lat: lat.id, lon: lon.id } : null;
}
