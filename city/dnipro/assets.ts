import { inRing } from './buildings.ts';
import type { Names } from './categories.ts';
import { type Position, river } from './districts.ts';
import { streets } from './streets.ts';
import { inZone, park } from './zones.ts';

/** An invented thing of the demo city with a number of its own. */
export interface AssetData {
  readonly id: string;
  readonly number: string;
  readonly names: Names;
  readonly branch: string;
  readonly keeper: string;
  readonly point: Position;
}

/** Where people walk in the park. */
const alley: readonly [Position, Position] = [
  [35.067, 48.4615],
  [35.075, 48.4645],
];

/** Points along the line of a street, from its first end, so many degrees of longitude or latitude apart. */
function along([[west, south], [east, north]]: readonly [Position, Position], apart: number): Position[] {
  const count = Math.max(1, Math.floor(Math.hypot(east - west, north - south) / apart));
  return Array.from({ length: count + 1 }, (_, index): Position => {
    const part = index / count;
    const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
    return [round(west + (east - west) * part), round(south + (north - south) * part)];
  }).filter((point) => !inRing(point, river));
}

/** Things of one kind along a street, numbered from its first end. */
const row = (
  kind: { readonly code: string; readonly names: Names; readonly branch: string; readonly apart: number },
  line: readonly [Position, Position],
  street: string,
  keeper: (point: Position) => string,
) =>
  along(line, kind.apart).map(
    (point, index): AssetData => ({
      id: `${kind.code}-${street}-${index + 1}`,
      number: `${street}-${index + 1}`,
      names: kind.names,
      branch: kind.branch,
      keeper: keeper(point),
      point,
    }),
  );

/** Some hundred metres apart. */
const lampPost = {
  code: 'lamp',
  names: { uk: 'Опора освітлення', en: 'Lamp post' },
  branch: 'lighting',
  apart: 0.0016,
};

/** Some four hundred metres apart. */
const stop = {
  code: 'stop',
  names: { uk: 'Зупинка', en: 'Public transport stop' },
  branch: 'transport',
  apart: 0.006,
};

/** Lamp posts and stops along the streets, numbered street by street; the posts in the park belong to its keeper. */
export const assets: readonly AssetData[] = [
  ...streets.flatMap(({ line }, index) => {
    const street = String(index + 1);
    return [
      ...row(lampPost, line, street, (point) => (inZone(point, park) ? 'zelenbud' : 'svitlo')),
      ...row(stop, line, street, () => 'transport'),
    ];
  }),
  ...row(lampPost, alley, 'park', () => 'zelenbud'),
];
