import { inRing } from './buildings.ts';
import type { Names } from './categories.ts';
import type { Position } from './districts.ts';

/** An area of the city's own, drawn roughly, good enough for a demonstration. */
export interface ZoneData {
  readonly code: string;
  readonly names: Names;
  /** Closed. */
  readonly ring: readonly Position[];
}

/** Where the lamps belong to whoever keeps the trees. */
export const park: ZoneData = {
  code: 'shevchenko-park',
  names: { uk: 'Парк Шевченка', en: 'Shevchenko Park' },
  ring: [
    [35.064, 48.4605],
    [35.0755, 48.458],
    [35.0785, 48.4655],
    [35.0665, 48.4675],
    [35.064, 48.4605],
  ],
};

export const zones: readonly ZoneData[] = [park];

export const inZone = (point: Position, zone: ZoneData): boolean => inRing(point, zone.ring);
