import { normalForm } from '../checks/normal-form.ts';
import { placeColumns } from '../datastore/place-columns.ts';
import type { Field } from '../datastore/table.ts';

/** Where the rows of a table lie on the map: in two columns of degrees, or as GeoJSON in one. Columns by their ids. */
export type Places =
  | { readonly kind: 'point'; readonly lat: string; readonly lon: string }
  | { readonly kind: 'geometry'; readonly column: Field };

const geometryForms = new Set(['geometry', 'geom', 'geojson', 'геометрія'].map(normalForm));

/** The columns that place a row; null: the table has none. */
export function placesOf(fields: readonly Field[]): Places | null {
  const geometry = fields.find(({ id, type }) => type === 'json' && geometryForms.has(normalForm(id)));
  if (geometry) return { kind: 'geometry', column: geometry };
  const point = placeColumns(fields);
  return point && { kind: 'point', ...point };
}
